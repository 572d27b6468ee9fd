# Figures of R's pscl (1.5.5.1, R 4.2.2) on a simulated roll-call matrix. Run once, here: Rscript make.R
# Writes votes.csv (1 Yea, 0 Nay, empty missing), probabilities.csv (of Yea, at the posterior means of pscl's probit
# model) and figures.csv: what predict.ideal() says of them, and the counts by which W-NOMINATE reports PRE and APRE.
suppressMessages(library(pscl))
set.seed(3)
n <- 14; m <- 22
x <- c(rnorm(6, -1, 0.5), rnorm(8, 1, 0.5))
beta <- rnorm(m); alpha <- rnorm(m, 0, 0.7)
votes <- matrix(rbinom(n * m, 1, pnorm(outer(x, beta) - rep(alpha, each = n))), n, m)
votes[matrix(runif(n * m) < 0.12, n, m)] <- NA
dimnames(votes) <- list(sprintf("m%02d", 1:n), sprintf("v%02d", 1:m))
share <- colMeans(votes, na.rm = TRUE)
votes <- votes[, share > 0 & share < 1]  # pscl leaves unanimous roll calls out
rc <- rollcall(votes, yea = 1, nay = 0, missing = NA, legis.data = data.frame(party = rep(c("D", "R"), c(6, 8))))
fit <- ideal(rc, d = 1, maxiter = 4000, burnin = 1000, thin = 5, normalize = TRUE, store.item = TRUE)
said <- predict(fit)
stopifnot(dim(said$pred.probs) == dim(votes))

cell <- function(v, p) apply(cbind(c(v), c(p)), 1, paste, collapse = "")
count <- table(cell(votes, said$prediction * 1))
wrong <- colSums(said$correct == 0, na.rm = TRUE)
minority <- pmin(colSums(votes == 1, na.rm = TRUE), colSums(votes == 0, na.rm = TRUE))
figures <- rbind(
  data.frame(what = "correct", of = rownames(votes), value = said$legis.percent / 100),
  data.frame(what = "correct", of = colnames(votes), value = said$vote.percent / 100),
  data.frame(what = "pre", of = colnames(votes), value = (minority - wrong) / minority),
  data.frame(what = "correct", of = "all", value = said$overall.percent / 100),
  data.frame(what = c("errors", "errors"), of = c("yea", "nay"), value = c(count[["10"]], count[["01"]])),
  data.frame(what = "apre", of = "all", value = sum(minority - wrong) / sum(minority)),
  data.frame(what = "gmp", of = "all", value = exp(mean(dbinom(votes, 1, said$pred.probs, log = TRUE), na.rm = TRUE)))
)
write.csv(votes, "votes.csv", na = "")
dimnames(said$pred.probs) <- dimnames(votes)
write.csv(signif(said$pred.probs, 9), "probabilities.csv")
write.csv(figures, "figures.csv", row.names = FALSE)
