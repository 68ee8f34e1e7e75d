# What R says of this trial's persons: Rscript bonus.R writes bonus_by_r.csv beside itself, one number a line.
#
# key and field are those of the ledger, so that every line is held against the number of the same name; by is what made it.
# Debian: r-base-core r-cran-survival r-cran-sandwich r-cran-lmtest r-cran-clubsandwich.
suppressPackageStartupMessages({library(survival); library(sandwich); library(lmtest); library(clubSandwich)})
d <- read.csv("deltagere.csv", sep = ";", encoding = "UTF-8")
d$treated <- as.integer(d$gruppe == "bonus"); d$exit <- as.integer(d$uger < 52)
background <- c("kvinde", "sort", "under_35", "over_54", "venter_genansat", "forsoergede")
groups <- c(bonus = 1, kontrol = 0); lines <- list()
say <- function(by, key, ...) for (field in names(list(...)))
  lines[[length(lines) + 1]] <<- data.frame(key = key, field = field, value = sprintf("%.15g", list(...)[[field]]), by = by)
welch <- function(by, key, y, of = d$treated, ...) { t <- t.test(y[of == 1], y[of == 0])
  say(by, key, value = unname(t$estimate[1] - t$estimate[2]), se = unname(t$stderr), ci_low = t$conf.int[1], ci_high = t$conf.int[2],
      p = t$p.value, df = unname(t$parameter)) }
share <- function(key, y) { p <- prop.test(sum(y), length(y), correct = FALSE)
  say("prop.test", key, value = 100 * mean(y), ci_low = 100 * p$conf.int[1], ci_high = 100 * p$conf.int[2]) }
average <- function(key, y) { t <- t.test(y); say("t.test", key, value = mean(y), se = t$stderr, ci_low = t$conf.int[1], ci_high = t$conf.int[2]) }

# Week by week: shares, their difference (Welch is Neyman's error with Satterthwaite's degrees), and its running sum.
least <- Inf  # a sum has the fewest degrees of its weeks
for (week in 1:52) { on <- d$uger >= week
  for (g in names(groups)) share(sprintf("paa-dagpenge.%s.uge%d", g, week), on[d$treated == groups[g]])
  if (week > 1) { welch("t.test", sprintf("paa-dagpenge.forskel.uge%d", week), 100 * on)
    least <- min(least, t.test(on[d$treated == 1], on[d$treated == 0])$parameter)
    t <- t.test(pmin(d$uger, week)[d$treated == 1], pmin(d$uger, week)[d$treated == 0]); sum <- unname(t$estimate[1] - t$estimate[2])
    say("t.test", sprintf("paa-dagpenge.forskel.uge%d.accumulated", week), value = sum, se = unname(t$stderr),
        ci_low = sum - qt(0.975, least) * t$stderr, ci_high = sum + qt(0.975, least) * t$stderr) } }

# Week 10: Lin's estimator, errors by place, within places, and the places by themselves.
y <- 100 * (d$uger >= 10); key <- "paa-dagpenge.forskel.uge10"; n <- nrow(d)
centred <- scale(d[background], scale = FALSE); lin <- lm(y ~ d$treated * centred)
se <- sqrt(vcovHC(lin, "HC2")[2, 2]); b <- unname(coef(lin)[2]); t975 <- qt(0.975, lin$df.residual)
say("lm, sandwich HC2", paste0(key, ".adjusted"), value = b, se = se, ci_low = b - t975 * se, ci_high = b + t975 * se,
    p = 2 * pt(-abs(b / se), lin$df.residual), df = lin$df.residual)
plain <- lm(y ~ treated, d); cr2 <- coef_test(plain, vcov = "CR2", cluster = d$omraade, test = "Satterthwaite")[2, ]
say("clubSandwich CR2", paste0(key, ".clustered"), value = cr2$beta, se = cr2$SE, p = cr2$p_Satt, df = cr2$df_Satt)
places <- sort(unique(d$omraade)); by_place <- sapply(places, function(place) { own <- d$omraade == place
  for (g in names(groups)) share(sprintf("paa-dagpenge.%s.uge10.site=%s", g, place), (y > 0)[own & d$treated == groups[g]])
  welch("t.test", sprintf("%s.site=%s", key, place), y[own], d$treated[own])
  t <- t.test(y[own & d$treated == 1], y[own & d$treated == 0]); c(-diff(t$estimate), t$stderr, t$p.value, sum(own)) })
for (rule in c("holm", "BH")) for (i in seq_along(places))
  say("p.adjust", sprintf("%s.site=%s.p_%s", key, places[i], tolower(rule)), p = p.adjust(by_place[3, ], rule)[i])
within <- lm(y ~ 0 + omraade + omraade:treated, d); weight <- by_place[4, ] / n; own <- 5:8
say("lm, sandwich HC2", paste0(key, ".stratified"), value = sum(weight * coef(within)[own]),
    se = sqrt(c(weight %*% vcovHC(within, "HC2")[own, own] %*% weight)))
sizes <- table(d$omraade, d$treated)  # errors with the variance that all places and groups have in common
precision <- 1 / (summary(lm(y ~ omraade * treated, d))$sigma^2 * rowSums(1 / sizes)); q <- sum(precision * (by_place[1, ] - weighted.mean(by_place[1, ], precision))^2)
say("pchisq", paste0(key, ".heterogeneity"), value = q, p = pchisq(q, 3, lower.tail = FALSE))

# Time to an exit.
for (g in names(groups)) { fit <- survfit(Surv(uger, exit) ~ 1, d[d$treated == groups[g], ], conf.type = "log-log")
  s <- summary(fit, times = 1:26)
  for (week in 1:26) say("survfit", sprintf("afgang.%s.uge%d.survival", g, week), value = 100 * s$surv[week], se = 100 * s$std.err[week],
                         ci_low = 100 * s$lower[week], ci_high = 100 * s$upper[week])
  say("survfit", sprintf("afgang.%s.median_weeks", g), value = unname(quantile(fit, 0.5)$quantile)) }
ratio <- function(key, fit, term) { s <- summary(fit)$coefficients[term, ]; hr <- exp(s[["coef"]]); ends <- s[["coef"]] + c(-1, 1) * qnorm(0.975) * s[["se(coef)"]]
  say("coxph", key, value = hr, se = hr * s[["se(coef)"]], ci_low = exp(ends[1]), ci_high = exp(ends[2]), p = s[["Pr(>|z|)"]]) }
formula_of <- function(left, ...) as.formula(paste(left, "~", paste(c(..., background), collapse = " + ")))
adjusted <- coxph(formula_of("Surv(uger, exit)", "treated"), d, ties = "efron")
ratio("afgang.forskel.hazard_ratio", adjusted, "treated")
ratio("afgang.forskel.subgroup=uden-kontrol.hazard_ratio", coxph(Surv(uger, exit) ~ treated, d, ties = "efron"), "treated")
pieces <- survSplit(Surv(uger, exit) ~ ., d, cut = 12, episode = "piece"); pieces$early <- pieces$treated * (pieces$piece == 1)
pieces$late <- pieces$treated * (pieces$piece == 2)
split <- coxph(formula_of("Surv(tstart, uger, exit)", "early", "late"), pieces, ties = "efron")
ratio("afgang.forskel.uge1-12.hazard_ratio", split, "early"); ratio("afgang.forskel.uge13-.hazard_ratio", split, "late")
ratio("afgang.forskel.hazard_ratio_change", coxph(formula_of("Surv(tstart, uger, exit)", "treated", "late"), pieces, ties = "efron"), "late")
for (by in c("omraade", "person")) { robust <- coxph(formula_of("Surv(uger, exit)", "treated"), d, ties = "efron", cluster = d[[by]])
  say("coxph, robust", sprintf("robust.%s", by), value = unname(coef(robust)["treated"]), se = summary(robust)$coefficients["treated", "robust se"]) }
ph <- cox.zph(adjusted, transform = "km", terms = FALSE)$table["treated", ]
say("cox.zph", "afgang.forskel.proportional_hazards", value = ph[["chisq"]], p = ph[["p"]])

# Weeks on benefit, and by gender.
for (g in names(groups)) { own <- d$treated == groups[g]; average(sprintf("uger-paa-dagpenge.%s", g), d$uger[own])
  for (k in 0:1) average(sprintf("uger-paa-dagpenge.%s.subgroup=koen:%d", g, k), d$uger[own & d$kvinde == k])
  welch("t.test", sprintf("uger-paa-dagpenge.%s.subgroup=koen.contrast", g), d$uger[own], d$kvinde[own]) }
welch("t.test", "uger-paa-dagpenge.forskel", d$uger)
for (k in 0:1) welch("t.test", sprintf("uger-paa-dagpenge.forskel.subgroup=koen:%d", k), d$uger[d$kvinde == k], d$treated[d$kvinde == k])
crossed <- lm(uger ~ treated * kvinde, d); tested <- waldtest(crossed, . ~ . - treated:kvinde, vcov = function(m) vcovHC(m, "HC2"))
say("lm, sandwich HC2", "uger-paa-dagpenge.forskel.subgroup=koen.interaction", value = tested$F[2], p = tested[["Pr(>F)"]][2])

# Were the groups alike?
for (name in background) { x <- d[[name]]; parts <- split(x, d$treated)
  normalised <- (mean(parts[["1"]]) - mean(parts[["0"]])) / sqrt((var(parts[["1"]]) + var(parts[["0"]])) / 2)
  p <- if (name == "forsoergede") t.test(x ~ treated, d)$p.value else chisq.test(table(x, d$treated), correct = FALSE)$p.value
  say(if (name == "forsoergede") "t.test" else "chisq.test", sprintf("baggrund.forskel.subgroup=%s", name), p = p)
  say("var", sprintf("baggrund.forskel.subgroup=%s.normalised_difference", name), value = normalised) }
x <- as.matrix(d[background]); apart <- colMeans(x[d$treated == 1, ]) - colMeans(x[d$treated == 0, ])
drawn <- cov(x) * n / (sum(d$treated) * sum(1 - d$treated)); chi <- c(apart %*% solve(drawn, apart))
say("pchisq", "baggrund.forskel.joint_test", value = chi, p = pchisq(chi, length(background), lower.tail = FALSE))
write.csv(do.call(rbind, lines), "bonus_by_r.csv", row.names = FALSE, quote = c(1, 2, 4), fileEncoding = "UTF-8")
