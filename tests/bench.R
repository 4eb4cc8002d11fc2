# Time one of R's methods on a comparison: Rscript bench.R METHOD PACKAGE FOLDER
# Reads FOLDER/counts.csv (genes x samples) and FOLDER/design.csv; writes FOLDER/METHOD.csv. The
# seconds it prints leave out reading and writing.
arguments <- commandArgs(trailingOnly = TRUE)
method <- arguments[1]
package <- arguments[2]
folder <- arguments[3]
counts <- as.matrix(read.csv(file.path(folder, "counts.csv"), row.names = 1, check.names = FALSE))
design <- as.matrix(read.csv(file.path(folder, "design.csv"), row.names = 1, check.names = FALSE))
colnames(design) <- paste0("c", seq_len(ncol(design)))
last <- ncol(design)
fit_deseq2 <- function() {
  data <- DESeqDataSetFromMatrix(counts, data.frame(row.names = colnames(counts)), design = ~1)
  data <- DESeq(data, full = design, betaPrior = FALSE, quiet = TRUE)
  found <- results(data, name = colnames(design)[last], alpha = 0.05)
  data.frame(log2FoldChange = found$log2FoldChange, padj = found$padj)
}
fit_edger <- function() {
  data <- estimateDisp(calcNormFactors(DGEList(counts)), design)
  found <- topTags(glmQLFTest(glmQLFit(data, design), coef = last), n = Inf, sort.by = "none")$table
  data.frame(log2FoldChange = found$logFC, padj = found$FDR)
}
fit_limma <- function() {
  data <- voom(calcNormFactors(DGEList(counts)), design)
  found <- topTable(eBayes(lmFit(data, design)), coef = last, number = Inf, sort.by = "none")
  data.frame(log2FoldChange = found$logFC, padj = found$adj.P.Val)
}
suppressPackageStartupMessages(library(package, character.only = TRUE))
seconds <- system.time(found <- list(deseq2 = fit_deseq2, edger = fit_edger, limma = fit_limma)[[method]]())
write.csv(data.frame(gene = rownames(counts), found), file.path(folder, paste0(method, ".csv")), row.names = FALSE)
cat(seconds[["elapsed"]], "\n")
