package dev.modelbake.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a site allows.
 *
 * @param hosts patterns of the only hosts that may be asked; none allows all
 * @param deniedLicenses globs over licences
 * @param allowedLicenses globs of which a licence must match one; none allows all
 * @param licenseRequired where it says that every model must have a licence, when it does
 * @param deniedFormats formats of files that are refused
 * @param signature where it says that manifests must be signed, when it does
 */
public record Policy(
    List<Text> hosts,
    List<Text> deniedLicenses,
    List<Text> allowedLicenses,
    Optional<Location> licenseRequired,
    List<Text> deniedFormats,
    Optional<Location> signature) {
  /** Everything is allowed. */
  public static final Policy NONE =
      new Policy(List.of(), List.of(), List.of(), Optional.empty(), List.of(), Optional.empty());

  public Policy {
    hosts = List.copyOf(hosts);
    deniedLicenses = List.copyOf(deniedLicenses);
    allowedLicenses = List.copyOf(allowedLicenses);
    deniedFormats = List.copyOf(deniedFormats);
  }

  /** Its rules in words, each with its place. */
  public List<Text> rules() {
    List<Text> rules = new ArrayList<>();
    add(rules, hosts, "only these hosts are asked: ");
    add(rules, deniedLicenses, "licences that are refused: ");
    add(rules, allowedLicenses, "only these licences are allowed: ");
    licenseRequired.ifPresent(at -> rules.add(new Text("every model must have a licence", at)));
    add(rules, deniedFormats, "formats that are refused: ");
    signature.ifPresent(at -> rules.add(new Text("manifests must be signed", at)));
    return rules;
  }

  private static void add(List<Text> rules, List<Text> texts, String what) {
    if (!texts.isEmpty()) {
      String all = texts.stream().map(Text::value).collect(Collectors.joining(", "));
      rules.add(new Text(what + all, texts.get(0).at()));
    }
  }
}
