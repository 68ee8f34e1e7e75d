# Made-up data of several shapes, and R's answers: what the one real data set of an estimator does not try.
#   Rscript tests/golden/fresh/make_fresh.R      (R 4.2.2: clubSandwich 0.5.8, sandwich 3.0-2, survival 3.5-3)
# Writes data.csv (case, y, after, treated, place, x, z, start, stop, event, stratum) and answers.csv (case, what, value) beside itself.
suppressMessages({library(sandwich); library(clubSandwich); library(survival)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20261130)
data <- answers <- NULL
say <- function(case, what, value) answers <<- rbind(answers, data.frame(case, what, value = unname(value)))
shapes <- list(few = rep(40, 6), equal = rep(20, 14), unequal = c(2, 3, 4, 5, 6, 8, 9, 12, 15, 20, 30, 40, 60, 90), many = rep(8, 40))
for (case in names(shapes)) {
  size <- shapes[[case]]
  place <- rep(seq_along(size), size)
  n <- length(place)
  treated <- as.integer(place %% 2 == 0)
  after <- rbinom(n, 1, 0.5)
  x <- round(rnorm(n), 3)
  z <- rbinom(n, 1, 0.3)
  y <- round(20 + rnorm(length(size), 0, 1.5)[place] + 2 * after + treated + 1.5 * after * treated + x - z + rnorm(n, 0, 4), 3)
  d <- data.frame(case, y, after, treated, place, x, z)
  data <- rbind(data, d)
  for (model in c("plain", "controlled")) {
    fit <- lm(if (model == "plain") y ~ after * treated else y ~ after * treated + x + z, d)
    term <- "after:treated"
    say(case, paste(model, "estimate"), coef(fit)[term])
    say(case, paste(model, "HC2"), sqrt(vcovHC(fit, "HC2")[term, term]))
    test <- coef_test(fit, vcovCR(fit, cluster = d$place, type = "CR2"), test = "Satterthwaite")
    test <- test[rownames(test) == term, ]
    for (name in c("SE", "df_Satt", "p_Satt")) say(case, paste(model, name), test[[name]])
  }
  # Lin's estimator of the difference between the groups, errors between places
  d$xc <- d$x - mean(d$x); d$zc <- d$z - mean(d$z)
  test <- coef_test(lm(y ~ treated * (xc + zc), d), vcov = "CR2", cluster = d$place, test = "Satterthwaite")
  test <- test[rownames(test) == "treated", ]
  say(case, "Lin estimate", test$beta)
  for (name in c("SE", "df_Satt", "p_Satt")) say(case, paste("Lin", name), test[[name]])
  # nearest neighbour with replacement on the probability, those who were treated after against those who were before
  m <- d[d$treated == 1 | d$place %% 4 == 1, ]
  score <- fitted(glm(treated ~ x + z + y, binomial, m, control = glm.control(epsilon = 1e-15, maxit = 100)))
  one <- which(m$treated == 1); other <- which(m$treated == 0)
  near <- sapply(one, function(i) other[which.min(abs(score[i] - score[other]))])
  say(case, "controls used", length(unique(near)))
  for (name in c("x", "y")) {
    v <- m[[name]]
    say(case, paste("before", name), (mean(v[one]) - mean(v[other])) / sd(v[one]))
    say(case, paste("matched", name), (mean(v[one]) - mean(v[near])) / sd(v[one]))
  }
}
# Time to an exit of the same persons: late entry, ties of a week, a month or a quarter, strata, clusters
set.seed(20261201)
unit <- c(few = 4, equal = 1, unequal = 13, many = 4)[data$case]
n <- nrow(data)
entry <- ifelse(runif(n) < 0.5, 0, runif(n, 0, 30))
exit <- rexp(n, 0.02 * exp(0.4 * data$treated - 0.2 * data$x + rnorm(40, 0, 0.3)[data$place]))
end <- entry + runif(n, 5, 50)
data$start <- floor(entry / unit) * unit
data$stop <- pmax(ceiling(pmin(exit, end) / unit) * unit, data$start + unit)
data$event <- as.integer(exit <= end)
data$stratum <- sample(3, n, TRUE)
for (case in names(shapes)) {
  fit <- coxph(Surv(start, stop, event) ~ treated + x + z + strata(stratum) + cluster(place), data[data$case == case, ], ties = "efron")
  table <- summary(fit)$coefficients
  for (term in rownames(table)) {
    say(case, paste("Cox", term, "coef"), table[term, "coef"])
    say(case, paste("Cox", term, "model"), table[term, "se(coef)"])
    say(case, paste("Cox", term, "clustered"), table[term, "robust se"])
  }
  say(case, "Cox loglik", fit$loglik[2])
}
write.csv(data, file.path(here, "data.csv"), row.names = FALSE, quote = FALSE)
answers$value <- sprintf("%.15g", answers$value)
write.csv(answers, file.path(here, "answers.csv"), row.names = FALSE, quote = FALSE)
