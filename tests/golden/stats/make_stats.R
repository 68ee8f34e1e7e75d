# Answers of R's own stats package: power, adjusted p-values, shares, paired tests, logistic regression.
# Run in this folder: Rscript make_stats.R   (no packages)
rows <- data.frame()
put <- function(what, ...) { v <- c(...); rows <<- rbind(rows, data.frame(what = what, number = seq_along(v), value = sprintf("%.17g", v))) }

put("power two shares, 50 and 50, .5 and .75", power.prop.test(n = 50, p1 = .5, p2 = .75)$power)
put("power two shares, 400 and 400, .30 and .38, level .1", power.prop.test(n = 400, p1 = .30, p2 = .38, sig.level = .1)$power)
put("detectable share, 300 and 300, control .2", power.prop.test(n = 300, p1 = .2, power = .8, tol = 1e-14)$p2)
put("power two means, 20 and 20, difference 1 sd", power.t.test(n = 20, delta = 1, sd = 1, strict = TRUE)$power)
put("power two means, 6 and 6, difference .3 sd", power.t.test(n = 6, delta = .3, sd = 1, strict = TRUE)$power)
put("detectable mean, 64 and 64, sd 12, power .9", power.t.test(n = 64, sd = 12, power = .9, strict = TRUE, tol = 1e-14)$delta)

p <- c(.01, .04, .03, .005, .8, .04, .2)
put("holm", p.adjust(p, "holm")); put("benjamini-hochberg", p.adjust(p, "BH"))

for (k in c(0, 3, 17, 40)) put(paste("wilson", k, "of 40"), prop.test(k, 40, correct = FALSE)$conf.int)
put("fisher 1 7 6 2", fisher.test(matrix(c(1, 6, 7, 2), 2))$p.value)
put("chi-square 30 70 45 55", chisq.test(matrix(c(30, 45, 70, 55), 2), correct = FALSE)$p.value)

before <- c(12, 15, 9, 20, 17, 8, 11, 14, 10, 16); after <- c(14, 15, 13, 19, 22, 9, 11, 20, 12, 15)
t <- t.test(after, before, paired = TRUE); put("paired t", t$estimate, t$conf.int, t$p.value)
put("wilcoxon with ties", suppressWarnings(wilcox.test(after, before, paired = TRUE, exact = FALSE)$p.value))
put("mcnemar exact 5 and 14", binom.test(5, 19)$p.value)

l <- read.csv("../lalonde.csv")
g <- glm(treat ~ age + educ + black + hispan + married + nodegree + re74 + re75, binomial, l, control = list(epsilon = 1e-15))
put("logit coefficients", coef(g)); put("logit errors", sqrt(diag(vcov(g))))
write.csv(rows, "stats.csv", row.names = FALSE)
