# Asks cards::check_ard_structure of a table of results: Rscript check_ard.R ARD.csv [FOLDER]
#
# FOLDER holds cards' source (its R folder), where the package itself is not installed. Prints cards' version; exit status 1
# and the reason where cards refuses the table.
args <- commandArgs(TRUE)
if (length(args) > 1) {
  cards <- new.env()
  for (package in c("tidyselect", "dplyr", "rlang")) library(package, character.only = TRUE, warn.conflicts = FALSE)
  # the checks and what they call; other files of the package need newer versions of its own dependencies
  files <- c("import-standalone-checks", "import-standalone-cli_call_env", "utils", "selectors", "tidy_ard_order", "as_card",
             "check_ard_structure")
  for (file in file.path(args[2], "R", paste0(files, ".R"))) sys.source(file, cards)
  version <- read.dcf(file.path(args[2], "DESCRIPTION"), "Version")[1]
} else {
  cards <- asNamespace("cards"); version <- as.character(packageVersion("cards"))
}
cat("cards", version, "on dplyr", as.character(packageVersion("dplyr")), "\n")
table <- tibble::as_tibble(read.csv(args[1], na.strings = "", colClasses = "character", check.names = FALSE))
table$stat <- ifelse(is.na(table$stat_text), as.list(as.numeric(table$stat)), as.list(table$stat_text))
listed <- c(grep("_level$", names(table), value = TRUE), "fmt_fun", "warning", "error")
table[listed] <- lapply(table[listed], as.list)
ard <- cards$as_card(table)
invisible(cards$check_ard_structure(ard, error_on_fail = TRUE))
cat(nrow(ard), "rows accepted\n")
