# Cox reference cases: R survival's answers on simulated data with ties, delayed entry, strata, weights, split episodes and clusters.
# Run: Rscript make_cox_cases.R [out-folder] [first-seed]
# Writes each case's CSV, expected.csv and, for the first seed kept here, jackknife.csv (17 digits); expected.json too, as kept beside this file, where jsonlite is installed.
suppressPackageStartupMessages(library(survival))
args <- commandArgs(TRUE); dir <- if (length(args) > 0) args[1] else "cox"; seed0 <- if (length(args) > 1) as.integer(args[2]) else 1000L
dir.create(dir, showWarnings = FALSE)
sim <- function(seed, n, unit, entry, nclus) { set.seed(seed)
  d <- data.frame(id = 1:n, cluster = sample(nclus, n, TRUE), stratum = sample(c("a", "b", "c"), n, TRUE), treated = rbinom(n, 1, .4), age = round(rnorm(n, 46, 9)), male = rbinom(n, 1, .4))
  fr <- rnorm(nclus, 0, .3)
  rate <- .02 * exp(.35 * d$treated - .02 * (d$age - 46) + .1 * d$male + fr[d$cluster])
  t <- rexp(n, rate); c <- runif(n, 10, 60); e <- if (entry) ifelse(runif(n) < .5, 0, runif(n, 0, 12)) else rep(0, n)
  stop <- ceiling(pmin(t, c) / unit) * unit; start <- floor(e / unit) * unit
  d$start <- start; d$stop <- stop; d$event <- as.integer(t <= c); d$weight <- round(runif(n, .5, 2), 2)
  d[d$stop > d$start, ] }
cases <- list(
  list(name = "weekly-ties",            n = 400, unit = 1, entry = FALSE, k = 12, f = "treated + age + male"),
  list(name = "monthly-ties",           n = 400, unit = 4, entry = FALSE, k = 12, f = "treated + age + male"),
  list(name = "quarterly-ties",         n = 400, unit = 13, entry = FALSE, k = 12, f = "treated + age + male"),
  list(name = "delayed-entry",          n = 500, unit = 1, entry = TRUE,  k = 20, f = "treated + age + male"),
  list(name = "delayed-entry-monthly",  n = 500, unit = 4, entry = TRUE,  k = 20, f = "treated + age + male"),
  list(name = "strata",                 n = 500, unit = 1, entry = FALSE, k = 20, f = "treated + age + male + strata(stratum)"),
  list(name = "strata-entry",           n = 500, unit = 1, entry = TRUE,  k = 20, f = "treated + age + strata(stratum)"),
  list(name = "weights",                n = 400, unit = 1, entry = FALSE, k = 15, f = "treated + age + male", w = TRUE),
  list(name = "split-at-8",             n = 600, unit = 1, entry = FALSE, k = 19, f = "treated_before + treated_after + age + male", cut = 8),
  list(name = "split-at-8-monthly",     n = 600, unit = 4, entry = FALSE, k = 19, f = "treated_before + treated_after + age + male", cut = 8),
  list(name = "split-entry-strata",     n = 600, unit = 1, entry = TRUE,  k = 19, f = "treated_before + treated_after + age + strata(stratum)", cut = 8),
  list(name = "few-events",             n = 80,  unit = 1, entry = FALSE, k = 6,  f = "treated + age"))
# Errors from the fits that leave out one cluster each, and Satterthwaite's degrees of freedom: sigma_g is what cluster g adds
# to the model's covariance, from the information with and without it at the estimate of all.
jackknife <- function(f, d, full, w) { V <- full$naive.var; G <- unique(d$cluster)
  refit <- function(g, ...) { r <- d[d$cluster != g, ]; if (w) coxph(f, r, ties = "efron", weights = weight, robust = FALSE, ...) else coxph(f, r, ties = "efron", ...) }
  change <- matrix(sapply(G, function(g) coef(refit(g, control = coxph.control(eps = 1e-13, iter.max = 50))) - coef(full)), nrow = length(coef(full)))
  sigma <- matrix(sapply(G, function(g) diag(V %*% (solve(V) - solve(refit(g, init = coef(full), control = coxph.control(iter.max = 0))$var)) %*% V)), nrow = length(coef(full)))
  data.frame(se = sqrt((length(G) - 1) / length(G) * rowSums(change^2)), df = pmin(pmax(rowSums(sigma)^2 / rowSums(sigma^2), 1), length(G) - 1)) }
index <- list(); left_out <- list()
for (i in seq_along(cases)) { c <- cases[[i]]; d <- sim(seed0 + i, c$n, c$unit, c$entry, c$k)
  if (c$name == "few-events") d$event[seq_len(nrow(d)) %% 3 != 0] <- 0L
  if (!is.null(c$cut)) { d <- survSplit(Surv(start, stop, event) ~ ., d, cut = c$cut, episode = "period", start = "start", end = "stop")
    d$treated_before <- d$treated * (d$stop <= c$cut); d$treated_after <- d$treated * (d$stop > c$cut) }
  f <- as.formula(paste("Surv(start, stop, event) ~", c$f, "+ cluster(cluster)"))
  fit <- if (isTRUE(c$w)) coxph(f, d, ties = "efron", weights = weight) else coxph(f, d, ties = "efron")
  s <- summary(fit)$coefficients
  if (seed0 == 1000L) { jack <- suppressWarnings(jackknife(as.formula(paste("Surv(start, stop, event) ~", c$f)), d, fit, isTRUE(c$w)))
  left_out[[i]] <- data.frame(case = c$name, term = rownames(s), se = sprintf("%.17g", jack$se), df = sprintf("%.17g", jack$df)) }
  csv <- paste0(c$name, ".csv"); write.csv(d, file.path(dir, csv), row.names = FALSE)
  index[[i]] <- list(case = c$name, csv = csv, formula = c$f, weights = isTRUE(c$w), ties = "efron", n = fit$n, events = fit$nevent, loglik = fit$loglik[2],
    terms = data.frame(term = rownames(s), coef = s[, "coef"], se_model = s[, "se(coef)"], se_cluster = s[, "robust se"], row.names = NULL)) }
exact <- function(x) sprintf("%.17g", x)
rows <- do.call(rbind, lapply(index, function(r) data.frame(case = r$case, csv = r$csv, strata = grepl("strata", r$formula), weights = r$weights,
  n = r$n, events = r$events, loglik = exact(r$loglik), term = r$terms$term, coef = exact(r$terms$coef), se_model = exact(r$terms$se_model),
  se_cluster = exact(r$terms$se_cluster))))
write.csv(rows, file.path(dir, "expected.csv"), row.names = FALSE)
if (seed0 == 1000L) write.csv(do.call(rbind, left_out), file.path(dir, "jackknife.csv"), row.names = FALSE, quote = FALSE)
if (requireNamespace("jsonlite", quietly = TRUE)) jsonlite::write_json(index, file.path(dir, "expected.json"), digits = 14, auto_unbox = TRUE, pretty = TRUE)
