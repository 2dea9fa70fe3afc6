package dev.modelbake.bake;

import dev.modelbake.model.Finding;
import java.util.List;

/**
 * The answer of a verification.
 *
 * @param findings what is wrong, missing, unproven or unexpected
 * @param proven the number of files with nothing against them
 */
public record Verification(List<Finding> findings, int proven) {
  public Verification {
    findings = List.copyOf(findings);
  }
}
