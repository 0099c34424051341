package io.margay.agents.call;

import java.util.List;

/**
 * The person on whose behalf a call is made, as a verified token says.
 *
 * @param issuer of the token
 * @param subject the issuer's name of the person
 */
public record User(String issuer, String subject, List<String> groups) {

  public User {
    groups = List.copyOf(groups);
  }
}
