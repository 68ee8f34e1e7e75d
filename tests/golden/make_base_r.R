# Answers of base R (stats) to small problems written out here, so that the estimators are checked without R.
# Run: Rscript make_base_r.R   (base R only; writes base_r.expected.json beside this file)
number <- function(x) ifelse(is.na(x), "null", sprintf("%.15g", x))
json <- function(x) {
  if (is.list(x)) paste0("{", paste(sprintf("\"%s\": %s", names(x), sapply(x, json)), collapse = ", "), "}")
  else if (is.character(x)) sprintf("\"%s\"", x)
  else if (is.matrix(x)) paste0("[", paste(apply(x, 1, function(row) json(as.vector(row))), collapse = ", "), "]")
  else if (length(x) == 1) number(x)
  else paste0("[", paste(number(x), collapse = ", "), "]")
}
quiet <- suppressWarnings

wilson <- function(k, n) { ci <- quiet(prop.test(k, n, correct = FALSE))$conf.int; list(k = k, n = n, ci_low = ci[1], ci_high = ci[2]) }
chi <- function(m) { t <- quiet(chisq.test(m, correct = FALSE)); list(table = m, statistic = unname(t$statistic), df = unname(t$parameter), p = t$p.value) }
fisher <- function(m) list(table = m, p = fisher.test(m)$p.value)

before <- c(12, 15, 9, 20, 17, 8, 11, 14, 10, 16); after <- c(14, 15, 13, 19, 22, 9, 11, 20, 12, 15)
untied <- list(before = c(1.1, 2.3, 3.7, 4.2, 5.9, 6.4), after = c(2.0, 2.1, 5.5, 7.0, 6.3, 9.9))
p <- c(0.01, 0.04, 0.03, 0.005, 0.8, 0.04, NA, 0.2)
hours <- c(2, 0, 5, 7.5, 0, 1)
one <- t.test(hours); pair <- t.test(after, before, paired = TRUE)
ranks <- quiet(wilcox.test(after, before, paired = TRUE)); exact <- wilcox.test(untied$after, untied$before, paired = TRUE)

# A regression with unequal variances; the F test of two nested models.
x <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); z <- c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)
y <- c(2.1, 3.9, 6.4, 7.7, 10.8, 11.1, 14.9, 15.2, 19.5, 18.8, 23.9, 22.7)
full <- lm(y ~ x + z); s <- summary(full)$coefficients; f <- anova(lm(y ~ 1), full)

# A difference in differences over four municipalities: the four cells and the classic error.
d <- data.frame(kommune = rep(1:4, each = 6), efter = rep(c(0, 0, 0, 1, 1, 1), 4))
d$delt_komm <- as.integer(d$kommune <= 2); d$y <- c(5, 6, 7, 9, 8, 10, 4, 6, 5, 9, 7, 8, 3, 4, 5, 4, 5, 6, 6, 5, 7, 6, 8, 7)
did <- summary(lm(y ~ efter * delt_komm, d))$coefficients["efter:delt_komm", ]
two <- summary(lm(y ~ I(efter * delt_komm) + factor(kommune) + efter, d))$coefficients[2, ]

writeLines(json(list(
  wilson = list(some = wilson(5, 17), none = wilson(0, 9), all = wilson(9, 9), many = wilson(120, 1000)),
  chi_square = list(two_by_two = chi(rbind(c(30, 70), c(45, 55))), three_by_three = chi(rbind(c(12, 5, 20), c(15, 16, 18), c(14, 6, 30)))),
  fisher = list(two_by_two = fisher(rbind(c(3, 7), c(9, 2))), three_by_two = fisher(rbind(c(1, 9), c(3, 4), c(5, 2))), three_by_three = fisher(rbind(c(3, 1, 0), c(4, 2, 6), c(1, 0, 5)))),
  t_mean = list(values = hours, mean = unname(one$estimate), ci_low = one$conf.int[1], ci_high = one$conf.int[2]),
  mcnemar_exact = list(only_before = 5, only_after = 14, p = binom.test(5, 19)$p.value),
  paired_t = list(before = before, after = after, t = unname(pair$statistic), df = unname(pair$parameter), p = pair$p.value, ci_low = pair$conf.int[1], ci_high = pair$conf.int[2]),
  wilcoxon = list(tied = list(before = before, after = after, statistic = unname(ranks$statistic), p = ranks$p.value),
                  exact = list(before = untied$before, after = untied$after, statistic = unname(exact$statistic), p = exact$p.value)),
  p_adjust = list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH")),
  lm = list(x = x, z = z, y = y, coef = unname(s[, 1]), se = unname(s[, 2]), p = unname(s[, 4]), f = f$F[2], f_p = f$`Pr(>F)`[2]),
  did = list(kommune = d$kommune, efter = d$efter, delt_komm = d$delt_komm, y = d$y, estimate = unname(did[1]), se = unname(did[2]), p = unname(did[4]), two_way = unname(two[1])))),
  "base_r.expected.json")
