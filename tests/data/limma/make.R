# Makes the reference values beside this file, from the airway counts in tests/data.
# R 4.2.2 with limma 3.54.1 and edgeR 3.40.2 (Debian 12: r-bioc-limma, r-bioc-edger).
# Run in tests/data: Rscript limma/make.R
library(limma)
library(edgeR)

counts <- as.matrix(read.csv("airway/counts.csv.gz", row.names = 1, check.names = FALSE))
metadata <- read.csv("airway/metadata.csv", row.names = 1)[colnames(counts), ]
counts <- counts[order(rownames(counts)), ]
counts <- counts[rowSums(counts >= 10) >= 1, ]
treated <- as.numeric(metadata$dex == "trt")
cell <- factor(metadata$cell)
design <- cbind(model.matrix(~cell), treated)

y <- calcNormFactors(DGEList(counts))
v <- voom(y, design)
fit <- eBayes(lmFit(v, design))
# Every set takes each 50th gene from its own start, so that no file of sets is needed.
sets <- lapply(1:40, function(start) seq(start, nrow(v), by = 50 * (1 + start %% 7)))
preset <- camera(v, sets, design, sort = FALSE)
estimated <- camera(v, sets, design, inter.gene.cor = NA, sort = FALSE)
points <- data.frame(x = round(v$E[1:400, 1], 1), y = v$E[1:400, 2])
smooth <- lowess(points$x, points$y, f = 0.4)

save <- function(x, name) write.csv(format(x, digits = 17, trim = TRUE), gzfile(paste0("limma/", name, ".csv.gz")), row.names = FALSE, quote = FALSE)
rows <- seq(1, nrow(v), by = 60)
save(data.frame(sample = colnames(counts), factor = y$samples$norm.factors), "tmm")
save(data.frame(gene = rownames(v)[rows], v$E[rows, ]), "voom_expression")
save(data.frame(gene = rownames(v)[rows], v$weights[rows, ]), "voom_weights")
save(data.frame(gene = rownames(v)[rows], t = fit$t[rows, "treated"], df_prior = fit$df.prior, s2_prior = fit$s2.prior), "moderated")
save(data.frame(size = preset$NGenes, preset = preset$PValue, direction = preset$Direction, estimated = estimated$PValue, correlation = estimated$Correlation), "camera")
save(data.frame(points, smooth_x = smooth$x, smooth_y = smooth$y), "lowess")
