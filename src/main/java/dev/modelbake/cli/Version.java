package dev.modelbake.cli;

import picocli.CommandLine.IVersionProvider;

/** The version written into the jar. */
final class Version implements IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(built from classes)" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"modelbake " + text()};
  }
}
