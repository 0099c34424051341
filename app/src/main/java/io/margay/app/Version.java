package io.margay.app;

import picocli.CommandLine.IVersionProvider;

/** What build this is. */
public final class Version implements IVersionProvider {

  /** The version that the jar's manifest carries; "development" where there is no jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"margay " + current() + ", Java " + Runtime.version().feature()};
  }
}
