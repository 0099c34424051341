package io.margay.agents.identity.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * A JWT as it came: well-formed, but of nobody yet. {@link VerificationKeys} says whether its
 * signature is good.
 *
 * @param hash SHA-256 of the whole token in base64url; names the token where it must not be kept
 */
public record SignedToken(JWSObject jws, Claims claims, String hash) {

  /** Longer tokens are refused unread. Headers of 8 KiB are what servers take, too. */
  public static final int MAX_CHARACTERS = 8192;

  /** Public-key signatures. Neither none nor a shared secret is among them. */
  public static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  /** Deep nesting costs stack; the deepest honest claim is a chain of actors. */
  private static final int MAX_NESTING = 40;

  /**
   * Reads a compact JWS whose payload is a JSON object.
   *
   * @param what names the kind of token in the reason: "user token"
   */
  public static SignedToken read(String what, String compact) throws RefusedTokenException {
    if (compact.length() > MAX_CHARACTERS) {
      throw new RefusedTokenException(what + ": longer than " + MAX_CHARACTERS + " characters");
    }
    if (!isCompact(compact)) {
      throw new RefusedTokenException(what + ": not a JWT (three base64url parts with dots)");
    }
    try {
      checkHeader(what, compact);
      JWSObject jws = JWSObject.parse(compact);
      String payload = jws.getPayload().toString();
      checkNesting(what, payload);
      Map<String, Object> claims = JSONObjectUtils.parse(payload);
      return new SignedToken(jws, new Claims(what, claims), hash(compact));
    } catch (ParseException | IllegalArgumentException e) {
      throw new RefusedTokenException(what + ": not a JWT that can be read");
    }
  }

  /** Before the library reads it, so that every forbidden algorithm has the same reason. */
  private static void checkHeader(String what, String compact)
      throws ParseException, RefusedTokenException {
    String json =
        new String(
            Base64.getUrlDecoder().decode(compact.substring(0, compact.indexOf('.'))),
            StandardCharsets.UTF_8);
    checkNesting(what, json);
    Map<String, Object> header = JSONObjectUtils.parse(json);
    if (!(header.get("alg") instanceof String algorithm) || !ALGORITHMS.contains(algorithm)) {
      throw new RefusedTokenException(
          what + ": alg is not one of the public-key signatures RS, PS or ES 256 to 512");
    }
    if (header.containsKey("crit") || header.containsKey("b64") || header.containsKey("zip")) {
      throw new RefusedTokenException(what + ": crit, b64 and zip headers are not accepted");
    }
  }

  private static void checkNesting(String what, String json) throws RefusedTokenException {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        if (++depth > MAX_NESTING) {
          throw new RefusedTokenException(what + ": JSON nested too deeply");
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
  }

  private static boolean isCompact(String text) {
    int dots = 0;
    boolean emptyPart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (emptyPart) {
          return false;
        }
        dots++;
        emptyPart = true;
      } else if (isBase64Url(c)) {
        emptyPart = false;
      } else {
        return false;
      }
    }
    // An empty signature is alg none's; let its own reason say so.
    return dots == 2;
  }

  private static boolean isBase64Url(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }

  public JWSHeader header() {
    return jws.getHeader();
  }

  /** In lower case, as RFC 7515 compares it, without "application/"; empty when there is none. */
  public String type() {
    if (header().getType() == null) {
      return "";
    }
    String type = header().getType().getType().toLowerCase(java.util.Locale.ROOT);
    return type.startsWith("application/") ? type.substring("application/".length()) : type;
  }

  /** SHA-256 in base64url without padding: how tokens and certificates are named. */
  public static String hash(String token) {
    return hash(token.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 in base64url without padding. */
  public static String hash(byte[] bytes) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
