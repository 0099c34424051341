package io.margay.agents.identity;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What came with a call to say who calls.
 *
 * @param certificates of the TLS client, its own first; empty without any
 * @param workloadToken a JWT-SVID, from agents that TLS does not connect to us directly
 * @param authorization the header's value
 * @param dpop the DPoP header's value
 * @param method of the request
 * @param address of the request as the client wrote it, for DPoP
 * @param audiences names of ours and of the call's target: tokens must be for one of them
 */
public record Presented(
    List<X509Certificate> certificates,
    Optional<String> workloadToken,
    Optional<String> authorization,
    Optional<String> dpop,
    String method,
    URI address,
    Set<String> audiences) {

  public Presented {
    certificates = List.copyOf(certificates);
    audiences = Set.copyOf(audiences);
  }

  /** The usual: a client certificate and a bearer token. */
  public static Presented overTls(
      List<X509Certificate> certificates, Optional<String> authorization, Set<String> audiences) {
    return new Presented(
        certificates,
        Optional.empty(),
        authorization,
        Optional.empty(),
        "POST",
        URI.create("https://unknown/"),
        audiences);
  }
}
