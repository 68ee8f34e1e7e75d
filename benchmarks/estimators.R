# R's side of estimators.py: Rscript estimators.R <task> <csv> prints {"seconds", "estimate", "se"} of the estimate alone.
args <- commandArgs(TRUE); task <- args[1]; d <- read.csv(args[2])
timed <- function(run) { wall <- cpu <- c()
  while (length(wall) == 0 || (length(wall) < 5 && wall[1] < 5)) { t <- system.time(a <- run()); wall <- c(wall, t[["elapsed"]]); cpu <- c(cpu, t[["user.self"]] + t[["sys.self"]]) }
  cat(sprintf('{"seconds": %.6f, "processor": %.6f, "estimate": %.17g, "se": %.17g}\n', min(wall), min(cpu), a[1], a[2])) }

cox <- function() { suppressPackageStartupMessages(library(survival))
  x <- setdiff(names(d), c("start", "stop", "event", "cluster"))
  y <- if (any(d$start > 0)) "Surv(start, stop, event)" else "Surv(stop, event)"
  f <- as.formula(paste(y, "~", paste(x, collapse = " + ")))
  timed(function() { s <- summary(coxph(f, d, ties = "efron", cluster = cluster))$coefficients; s["treated", c("coef", "robust se")] }) }

# Least squares with an indicator for every unit and week; errors clustered on the unit, with the usual factor (CR1).
did <- function() timed(function() {
  m <- lm(hours ~ treated + factor(unit) + factor(week), d); x <- model.matrix(m); g <- length(unique(d$unit)); n <- nrow(x); k <- ncol(x)
  bread <- chol2inv(m$qr$qr[seq_len(k), seq_len(k)]); meat <- crossprod(rowsum(x * residuals(m), d$unit))
  v <- bread %*% meat %*% bread * g / (g - 1) * (n - 1) / (n - k)
  i <- match("treated", names(coef(m))[m$qr$pivot]); c(coef(m)[["treated"]], sqrt(v[i, i])) })

match_pairs <- function() { packaged <- requireNamespace("Matching", quietly = TRUE)
  timed(function() { score <- fitted(glm(treated ~ age + months + male + jobs, binomial, d, control = list(epsilon = 1e-14)))
    if (packaged) { m <- Matching::Match(Y = d$hours, Tr = d$treated, X = score, M = 1, ties = TRUE, distance.tolerance = 1e-14)
      return(c(m$est[1, 1], m$se)) }
    # without the package: the definition, one treated person at a time
    t <- which(d$treated == 1); k <- which(d$treated == 0); used <- used2 <- numeric(length(k)); y0 <- spread <- numeric(length(t))
    for (i in seq_along(t)) { far <- abs(score[k] - score[t[i]]); hit <- which(far <= min(far) + 1e-9); y <- d$hours[k[hit]]
      y0[i] <- mean(y); spread[i] <- mean((y - mean(y))^2); used[hit] <- used[hit] + 1 / length(hit); used2[hit] <- used2[hit] + 1 / length(hit)^2 }
    tau <- d$hours[t] - y0; q <- (tau - mean(tau))^2
    c(mean(tau), sqrt(sum(q) + sum(used^2 - used2) * mean(q + spread) / 2) / length(t)) }) }

switch(task, "cox-indicators" = cox(), "cox-clustered" = cox(), "cox-untied" = cox(), "did-two-way" = did(), "matching" = match_pairs(), stop("no task ", task))
