package io.margay.model.resource;

/** One key of a Secret, by name: what it holds is nowhere in the resources that Margay keeps. */
public record SecretKey(String secret, String key) {
  @Override
  public String toString() {
    return "Secret " + secret + ", key " + key;
  }
}
