package dev.modelbake.verify;

import dev.modelbake.model.Finding;
import dev.modelbake.model.Receipt;
import java.util.List;

/**
 * What a verification found.
 *
 * @param findings what is wrong, missing, unproven or unexpected
 * @param receipt the files that were read and are right; none when only their metadata was looked
 *     at
 */
public record Verified(List<Finding> findings, Receipt receipt) {
  public Verified {
    findings = List.copyOf(findings);
  }
}
