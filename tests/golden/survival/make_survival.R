# Answers of R's survival package that ../rossi.expected.json and ../cox/expected.json do not hold: the test of proportional
# hazards, Kaplan-Meier with delayed entry, Aalen-Johansen, log-rank with strata.
# Run in this folder: Rscript make_survival.R   (needs the package survival only; written with survival 3.5.3)
library(survival)
exact <- function(x) { for (v in names(x)) if (is.double(x[[v]])) x[[v]] <- sprintf("%.17g", x[[v]]); x }
save <- function(x, file) write.csv(exact(x), file, row.names = FALSE, quote = FALSE)
read <- function(file) read.csv(file.path("..", file))

# --- proportional hazards -----------------------------------------------------------------------------------------
out <- NULL
zph <- function(case, fit) for (scale in c("km", "rank", "identity", "log")) {
  z <- cox.zph(fit, transform = scale)$table
  out <<- rbind(out, data.frame(case = case, time_scale = scale, term = sub(".*race, wexp.*", "background", rownames(z)),
                                chi2 = z[, "chisq"], df = as.integer(z[, "df"]), p = z[, "p"])) }
rossi <- read("rossi.csv")
zph("rossi", coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, rossi))
zph("rossi-grouped", coxph(Surv(week, arrest) ~ fin + cbind(race, wexp) + age, rossi))
for (case in c("monthly-ties", "delayed-entry", "weights", "strata", "split-entry-strata")) {
  d <- read(file.path("cox", paste0(case, ".csv")))
  f <- if (grepl("strata", case)) Surv(start, stop, event) ~ treated + age + strata(stratum) else Surv(start, stop, event) ~ treated + age
  zph(case, if (case == "weights") coxph(f, d, weights = weight) else coxph(f, d)) }
save(out, "ph_test.csv")

# --- Kaplan-Meier with delayed entry, three kinds of bands ----------------------------------------------------------
d <- read("cox/delayed-entry.csv")
out <- NULL
for (bands in c("plain", "log", "log-log")) {
  s <- summary(survfit(Surv(start, stop, event) ~ treated, d, conf.type = bands), censored = TRUE)
  out <- rbind(out, data.frame(bands = bands, group = as.integer(sub("treated=", "", s$strata)), time = s$time,
                               n_risk = as.integer(s$n.risk), n_event = as.integer(s$n.event), survival = s$surv,
                               se = s$std.err, ci_low = s$lower, ci_high = s$upper)) }
save(out, "kaplan_meier.csv")
medians <- function(case, fit) { t <- summary(fit)$table
  data.frame(case = case, group = 0:1, median = t[, "median"], ci_low = t[, "0.95LCL"], ci_high = t[, "0.95UCL"]) }
m <- read("cox/monthly-ties.csv")
save(rbind(medians("delayed-entry", survfit(Surv(start, stop, event) ~ treated, d, conf.type = "log-log")),
           medians("monthly-ties", survfit(Surv(stop, event) ~ treated, m, conf.type = "log-log"))), "medians.csv")

# --- competing exits: the events of monthly-ties drawn to three causes ----------------------------------------------
set.seed(5)
m$cause <- ifelse(m$event == 1, sample(c("job", "uddannelse", "pension"), nrow(m), TRUE, c(.6, .25, .15)), "censureret")
write.csv(m[, c("id", "treated", "stratum", "stop", "event", "cause")], "competing.csv", row.names = FALSE, quote = FALSE)
m$state <- factor(m$cause, levels = c("censureret", "job", "pension", "uddannelse"))
out <- NULL
for (bands in c("plain", "log", "log-log")) {
  s <- summary(survfit(Surv(stop, state) ~ treated, m, conf.type = bands), censored = TRUE)
  for (k in 2:4) out <- rbind(out, data.frame(bands = bands, group = as.integer(sub("treated=", "", s$strata)), cause = s$states[k],
    time = s$time, incidence = s$pstate[, k], se = s$std.err[, k], ci_low = s$lower[, k], ci_high = s$upper[, k])) }
save(out, "cumulative_incidence.csv")

# --- log-rank ---------------------------------------------------------------------------------------------------------
row <- function(group, strata, x) data.frame(group = group, strata = strata, chi2 = x$chisq, df = length(x$n) - 1L)
save(rbind(row("treated", "", survdiff(Surv(stop, event) ~ treated, m)), row("stratum", "", survdiff(Surv(stop, event) ~ stratum, m)),
           row("treated", "stratum", survdiff(Surv(stop, event) ~ treated + strata(stratum), m))), "log_rank.csv")
