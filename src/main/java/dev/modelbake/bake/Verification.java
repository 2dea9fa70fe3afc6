package dev.modelbake.bake;

import dev.modelbake.model.Finding;
import dev.modelbake.model.Receipt;
import java.util.List;

/**
 * The answer of a verification.
 *
 * @param findings what is wrong, missing, unproven or unexpected
 * @param proven the number of files with nothing against them
 * @param receipt the files that were read and are right; none when nothing was hashed
 */
public record Verification(List<Finding> findings, int proven, Receipt receipt) {
  public Verification {
    findings = List.copyOf(findings);
  }
}
