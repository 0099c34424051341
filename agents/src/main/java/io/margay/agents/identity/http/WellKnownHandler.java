package io.margay.agents.identity.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.exchange.HopTokens;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What anybody may know of the gateway: whom to ask for a token (RFC 9728), where tokens are
 * exchanged (RFC 8414), with which keys hop tokens are checked, and the SPIFFE bundle of the trust
 * domain.
 */
public final class WellKnownHandler extends Handler.Abstract {
  private static final String PREFIX = "/.well-known/";
  private static final String RESOURCE = PREFIX + "oauth-protected-resource";

  private final Config config;
  private final HopTokens tokens;
  private final Supplier<String> bundle;

  /**
   * What it says.
   *
   * @param name the gateway's, an absolute URL
   * @param tokenPath where tokens are exchanged
   * @param issuers whose users' tokens are taken
   */
  public record Config(URI name, String tokenPath, List<String> issuers) {

    public Config {
      issuers = List.copyOf(issuers);
    }

    /** Where the metadata stands of what is served at a path, such as {@code mcp/crm}. */
    public String metadataOf(String path) {
      return name.resolve(RESOURCE + "/" + path).toString();
    }
  }

  /**
   * @param bundle gives the SPIFFE bundle's JSON of now
   */
  public WellKnownHandler(Config config, HopTokens tokens, Supplier<String> bundle) {
    this.config = config;
    this.tokens = tokens;
    this.bundle = bundle;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getDecodedPath();
    if (!path.startsWith(PREFIX)) {
      return false;
    }
    if (path.equals(RESOURCE) || path.startsWith(RESOURCE + "/")) {
      JsonAnswers.send(response, callback, 200, resource(path.substring(RESOURCE.length())));
      return true;
    }
    switch (path.substring(PREFIX.length())) {
      case "oauth-authorization-server" -> JsonAnswers.send(response, callback, 200, server());
      case "jwks.json" ->
          JsonAnswers.sendText(
              response,
              callback,
              200,
              JSONObjectUtils.toJSONString(tokens.publicKeys().toJSONObject(true)));
      case "spiffe-bundle" -> JsonAnswers.sendText(response, callback, 200, bundle.get());
      default -> {
        return false;
      }
    }
    return true;
  }

  private Map<String, Object> resource(String path) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("resource", path.isEmpty() ? config.name.toString() : at(path));
    json.put("authorization_servers", config.issuers);
    json.put("bearer_methods_supported", List.of("header"));
    json.put("dpop_signing_alg_values_supported", List.of("ES256"));
    json.put("tls_client_certificate_bound_access_tokens", true);
    return json;
  }

  private Map<String, Object> server() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("issuer", config.name.toString());
    json.put("token_endpoint", at(config.tokenPath));
    json.put("jwks_uri", at(PREFIX + "jwks.json"));
    json.put("grant_types_supported", List.of("urn:ietf:params:oauth:grant-type:token-exchange"));
    json.put("response_types_supported", List.of());
    json.put("token_endpoint_auth_methods_supported", List.of("tls_client_auth"));
    return json;
  }

  private String at(String path) {
    return config.name.resolve(path).toString();
  }
}
