package dev.modelbake.plan;

import dev.modelbake.model.FileFormat;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.NameGlob;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Policy;
import dev.modelbake.model.PolicyException;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Holds a plan against a site's policy, before any byte. */
public final class PolicyCheck {
  private final Policy policy;
  private final List<Problem> violations = new ArrayList<>();

  private PolicyCheck(Policy policy) {
    this.policy = policy;
  }

  /**
   * Demands that a plan keeps to a policy.
   *
   * @param where the policy stands
   * @throws PolicyException with everything that does not
   */
  public static void demand(String where, Policy policy, List<Manifest> manifests, Plan plan) {
    PolicyCheck check = new PolicyCheck(policy);
    Set<String> selected = new HashSet<>();
    plan.files().forEach(file -> selected.add(file.model()));
    manifests.stream()
        .flatMap(manifest -> manifest.models().stream())
        .filter(model -> selected.contains(model.name()))
        .forEach(check::model);
    if (!policy.hosts().isEmpty()) {
      plan.files().forEach(check::hosts);
    }
    if (!check.violations.isEmpty()) {
      throw new PolicyException(where, check.violations);
    }
  }

  private void model(Model model) {
    license(model);
    if (!policy.deniedFormats().isEmpty()) {
      model.files().forEach(file -> format(model, file));
    }
  }

  private void license(Model model) {
    Optional<String> license = model.license().filter(LicenseExpression::isOne);
    boolean wanted = policy.licenseRequired().isPresent() || !policy.allowedLicenses().isEmpty();
    if (license.isEmpty()) {
      if (wanted) {
        violation(
            model.at(),
            "policy-license",
            "%s has no licence, and %s asks for one"
                .formatted(model.name(), policy.licenseRequired().orElse(model.at())));
      }
      return;
    }
    if (!LicenseExpression.isAllowed(license.get(), one -> !isAny(policy.deniedLicenses(), one))) {
      violation(
          model.at(),
          "policy-license",
          "%s has the licence %s, which %s refuses"
              .formatted(model.name(), license.get(), policy.deniedLicenses().get(0).at()));
    }
    boolean known =
        policy.allowedLicenses().isEmpty()
            || LicenseExpression.isAllowed(
                license.get(), one -> isAny(policy.allowedLicenses(), one));
    if (!known) {
      violation(
          model.at(),
          "policy-license",
          "%s has the licence %s, which is none of those that %s allows"
              .formatted(model.name(), license.get(), policy.allowedLicenses().get(0).at()));
    }
  }

  /** Identifiers of licences are the same in any case. */
  private static boolean isAny(List<Text> globs, String license) {
    String lower = license.toLowerCase(Locale.ROOT);
    return globs.stream()
        .anyMatch(
            glob -> new NameGlob(glob.value().toLowerCase(Locale.ROOT)).predicate().test(lower));
  }

  private void format(Model model, ModelFile file) {
    Text rule = policy.deniedFormats().get(0);
    boolean unlisted =
        file.unpacking() instanceof Unpacking.Tree tree && !(tree.pin() instanceof TreePin.Members);
    if (unlisted) {
      violation(
          file.at(),
          "policy-format",
          "the archive of %s does not list its members, so %s cannot be kept to (%s)"
              .formatted(model.name(), rule.at(), rule.value()));
    }
    List<String> names = new ArrayList<>(file.placed());
    file.sources().forEach(source -> names.add(fileName(source.value())));
    for (String path : names) {
      Optional<FileFormat> format =
          FileFormat.of(path)
              .filter(
                  found ->
                      policy.deniedFormats().stream()
                          .anyMatch(denied -> denied.value().equals(found.label())));
      format.ifPresent(
          found ->
              violation(
                  file.at(),
                  "policy-format",
                  "%s of %s is in %s format, which %s refuses"
                      .formatted(path, model.name(), found.label(), rule.at())));
    }
  }

  /**
   * The last part of a URL, which says what a file is even when it is placed under another name.
   */
  private static String fileName(String url) {
    String path = url.replaceFirst("[?#].*", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A file that is right is not asked for. */
  private void hosts(PlannedFile file) {
    boolean stranded =
        file.origin() instanceof Origin.Parts parts
            ? parts.parts().stream().anyMatch(part -> part.candidates().isEmpty())
            : file.origin() instanceof Origin.Download && file.candidates().isEmpty();
    if (stranded && !file.isRight()) {
      violation(
          file.at(),
          "policy-host",
          "no source of %s is on a host that %s allows"
              .formatted(file.name(), policy.hosts().get(0).at()));
    }
  }

  private void violation(Location at, String rule, String what) {
    violations.add(
        Problem.error(
            at, rule, what, "use something that the site allows, or ask whoever keeps it"));
  }
}
