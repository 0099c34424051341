package io.margay.console.kubernetes;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.margay.console.access.Authenticator;
import io.margay.console.access.Identity;
import io.margay.console.signin.OidcLogin;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs people in at an OpenID Connect provider that the cluster trusts, too. The ID token is
 * checked here (signature, issuer, audience, expiry, nonce) and then shown to the cluster, which
 * says what it calls its bearer: prefixes and claims are the cluster's business.
 */
public final class ProviderLogin implements OidcLogin {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** Signatures with the provider's public keys only: never a shared secret, never none. */
  private static final Set<JWSAlgorithm> SIGNATURES =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final Config config;
  private final Authenticator cluster;

  /** Read at the first sign-in: a provider that is away then must not keep the console down. */
  private volatile @Nullable Provider provider;

  /**
   * Which provider.
   *
   * @param secret empty for a public client
   * @param redirect this console's {@code /sign-in/oidc/callback}, as the provider knows it
   */
  public record Config(URI issuer, String clientId, String secret, URI redirect) {}

  private record Provider(OIDCProviderMetadata metadata, IDTokenValidator validator) {}

  /**
   * @param cluster knows whom an ID token stands for
   */
  public ProviderLogin(Config config, Authenticator cluster) {
    this.config = config;
    this.cluster = cluster;
  }

  @Override
  public URI begin(Attempt attempt) {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            new Scope("openid", "profile", "email", "groups"),
            new ClientID(config.clientId()),
            config.redirect())
        .endpointURI(provider().metadata().getAuthorizationEndpointURI())
        .state(new State(attempt.state()))
        .nonce(new Nonce(attempt.nonce()))
        .codeChallenge(new CodeVerifier(attempt.verifier()), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  @Override
  public Identity complete(Attempt attempt, String code) {
    Provider known = provider();
    try {
      JWT idToken = redeem(known, attempt, code);
      known.validator().validate(idToken, new Nonce(attempt.nonce()));
      Optional<Identity> identity = cluster.authenticate(idToken.serialize());
      return identity.orElseThrow(() ->
          new SignInException(
              "the cluster does not take tokens of "
                  + config.issuer()
                  + " for "
                  + config.clientId()));
    } catch (BadJOSEException | JOSEException e) {
      throw new SignInException("the ID token is not valid: " + e.getMessage(), e);
    } catch (ParseException | IOException e) {
      throw new SignInException(config.issuer() + " did not give a token: " + e.getMessage(), e);
    }
  }

  private JWT redeem(Provider known, Attempt attempt, String code)
      throws IOException, ParseException {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), config.redirect(), new CodeVerifier(attempt.verifier()));
    URI endpoint = known.metadata().getTokenEndpointURI();
    ClientID client = new ClientID(config.clientId());
    TokenRequest request =
        config.secret().isEmpty()
            ? new TokenRequest.Builder(endpoint, client, grant).build()
            : new TokenRequest.Builder(
                    endpoint, new ClientSecretBasic(client, new Secret(config.secret())), grant)
                .build();
    HTTPRequest http = request.toHTTPRequest();
    http.setConnectTimeout(TIMEOUT_MILLIS);
    http.setReadTimeout(TIMEOUT_MILLIS);
    TokenResponse response = OIDCTokenResponseParser.parse(http.send());
    if (!response.indicatesSuccess()) {
      throw new SignInException(
          config.issuer() + " refused the code: " + response.toErrorResponse().getErrorObject());
    }
    JWT idToken = response.toSuccessResponse().getTokens().toOIDCTokens().getIDToken();
    if (idToken == null) {
      throw new SignInException(config.issuer() + " gave no ID token");
    }
    return idToken;
  }

  private synchronized Provider provider() {
    Provider known = provider;
    if (known == null) {
      try {
        OIDCProviderMetadata metadata =
            OIDCProviderMetadata.resolve(
                new Issuer(config.issuer()), TIMEOUT_MILLIS, TIMEOUT_MILLIS);
        known = new Provider(metadata, validator(metadata));
      } catch (GeneralException | IOException e) {
        throw new SignInException(
            "the identity provider " + config.issuer() + " does not answer: " + e.getMessage(), e);
      }
      provider = known;
    }
    return known;
  }

  private IDTokenValidator validator(OIDCProviderMetadata metadata) throws MalformedURLException {
    JWSVerificationKeySelector<SecurityContext> keys =
        new JWSVerificationKeySelector<>(
            SIGNATURES,
            JWKSourceBuilder.<SecurityContext>create(metadata.getJWKSetURI().toURL()).build());
    return new IDTokenValidator(
        new Issuer(config.issuer()), new ClientID(config.clientId()), keys, null);
  }
}
