package io.margay.agents.identity.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What anybody may know of the gateway: whom to ask for a token (RFC 9728) and where tokens are
 * exchanged (RFC 8414).
 *
 * @param name the gateway's, an absolute URL
 * @param tokenPath where tokens are exchanged
 * @param issuers whose users' tokens are taken
 */
public record OAuthMetadata(URI name, String tokenPath, List<String> issuers) {
  /** Under {@code /.well-known/}; what is served at a path is told below, under the same path. */
  public static final String RESOURCE = "oauth-protected-resource";

  /** Under {@code /.well-known/}. */
  public static final String SERVER = "oauth-authorization-server";

  /** Under {@code /.well-known/}: the public keys with which hop tokens are checked. */
  public static final String KEYS = "jwks.json";

  private static final String PREFIX = "/.well-known/";

  public OAuthMetadata {
    issuers = List.copyOf(issuers);
  }

  /** Where the metadata stands of what is served at a path, such as {@code mcp/crm}. */
  public String addressOf(String path) {
    return at(PREFIX + RESOURCE + "/" + path);
  }

  /**
   * The metadata of what is served at a path.
   *
   * @param path with a slash before it; empty for all of the gateway
   */
  public Map<String, Object> resource(String path) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("resource", path.isEmpty() ? name.toString() : at(path));
    json.put("authorization_servers", issuers);
    json.put("bearer_methods_supported", List.of("header"));
    json.put("dpop_signing_alg_values_supported", List.of("ES256"));
    json.put("tls_client_certificate_bound_access_tokens", true);
    return json;
  }

  /** The metadata of the token endpoint. */
  public Map<String, Object> server() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("issuer", name.toString());
    json.put("token_endpoint", at(tokenPath));
    json.put("jwks_uri", at(PREFIX + KEYS));
    json.put("grant_types_supported", List.of("urn:ietf:params:oauth:grant-type:token-exchange"));
    json.put("response_types_supported", List.of());
    json.put("token_endpoint_auth_methods_supported", List.of("tls_client_auth"));
    return json;
  }

  private String at(String path) {
    return name.resolve(path).toString();
  }
}
