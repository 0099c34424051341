package io.margay.model.schema;

import io.margay.model.assertion.Assertion;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.GoDuration;
import io.margay.model.selector.Selector;
import io.margay.model.selector.SelectorSyntaxException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The formats of text fields that are checked, with the names that the schemas give them. */
enum Format {
  ASSERTION("assertion", Format::assertion),
  CIDR("cidr", Format::cidr),
  CIDR_ONLY("cidr-only", Format::cidrOnly),
  DATE_TIME("date-time", Format::dateTime),
  DNS_LABEL("dns-label", Format::dnsLabel),
  DNS_SUBDOMAIN("dns-subdomain", Format::dnsSubdomain),
  DOMAIN_NAME("domain-name", Format::domainName),
  GO_DURATION("go-duration", Format::goDuration),
  HTTP_PATH("http-path", Format::httpPath),
  INTERFACE_NAME("interface-name", Format::interfaceName),
  IP("ip", Format::ip),
  KUBERNETES_PORT("kubernetes-port", Format::kubernetesPort),
  LABEL_KEY("label-key", Format::labelKey),
  LABEL_VALUE("label-value", Format::labelValue),
  PORT("port", Format::port),
  PORT_NAME("port-name", Format::portName),
  PORT_PROTOCOL("port-protocol", Format::portProtocol),
  PROTOCOL("protocol", Format::protocol),
  SELECTOR("selector", Format::selector),
  SERVICE_ADDRESS(
      "service-address", text -> text.isEmpty() || text.equals("None") ? null : ip(text)),
  STRICT_CIDR("strict-cidr", Format::strictCidr),
  CA_BUNDLE("ca-bundle", AgentFormats::caBundle),
  DEFINITION_HASH("definition-hash", AgentFormats::definitionHash),
  HTTP_URL("http-url", AgentFormats::httpUrl),
  SPIFFE_ID("spiffe-id", AgentFormats::spiffeId);

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern QUALIFIED =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern INTERFACE = Pattern.compile("[a-zA-Z0-9_.-]{1,15}");
  private static final List<String> PROTOCOLS =
      List.of("TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "UDPLite");

  private static final Map<String, Format> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(f -> f.schemaName, f -> f));

  private final String schemaName;
  private final Function<String, @Nullable Violation> check;

  Format(String schemaName, Function<String, @Nullable Violation> check) {
    this.schemaName = schemaName;
    this.check = check;
  }

  /** What is wrong with a value, and what to write instead (may be empty). */
  record Violation(String reason, String fix) {}

  /** Checks text against the named format; formats that are not known are not checked. */
  static Optional<Violation> check(String format, String text) {
    Format known = BY_NAME.get(format);
    return known == null ? Optional.empty() : Optional.ofNullable(known.check.apply(text));
  }

  private static @Nullable Violation assertion(String text) {
    try {
      Assertion.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation(String.valueOf(e.getMessage()), "");
    }
  }

  private static @Nullable Violation goDuration(String text) {
    try {
      GoDuration.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation("not a duration", "write one like 2m30s or 24h");
    }
  }

  private static @Nullable Violation dnsLabel(String text) {
    return name(text, LABEL, 63);
  }

  private static @Nullable Violation dnsSubdomain(String text) {
    return name(text, SUBDOMAIN, 253);
  }

  private static @Nullable Violation name(String text, Pattern pattern, int limit) {
    if (text.length() > limit) {
      return new Violation("longer than " + limit + " characters", "write a shorter name");
    }
    if (pattern.matcher(text).matches()) {
      return null;
    }
    String dots = pattern == SUBDOMAIN ? ", - and ." : " and -";
    return new Violation(
        "not a name of small letters, digits" + dots + ", with a letter or digit at both ends",
        suggestion(text, value -> value.toLowerCase(Locale.ROOT).replace('_', '-'), pattern));
  }

  private static String suggestion(String text, UnaryOperator<String> mend, Pattern pattern) {
    String mended = mend.apply(text);
    return pattern.matcher(mended).matches() ? "write " + mended : "write a name like web-1";
  }

  private static @Nullable Violation ip(String text) {
    try {
      IpAddress.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation("not an IP address", "write one like 10.0.0.1 or fd00::1");
    }
  }

  private static @Nullable Violation cidr(String text) {
    try {
      Cidr.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation("not a CIDR", "write one like 10.0.0.0/8 or fd00::/8");
    }
  }

  private static @Nullable Violation cidrOnly(String text) {
    Violation violation = cidr(text);
    return violation == null && text.indexOf('/') < 0
        ? new Violation("not a CIDR", "write " + Cidr.parse(text))
        : violation;
  }

  private static @Nullable Violation strictCidr(String text) {
    Violation violation = cidrOnly(text);
    if (violation != null) {
      return violation;
    }
    try {
      Cidr.parseStrict(text);
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation("has bits set behind its prefix", "write " + Cidr.parse(text));
    }
  }

  private static @Nullable Violation dateTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return null;
    } catch (DateTimeParseException e) {
      return new Violation("not a time", "write one like 2026-01-31T12:00:00Z");
    }
  }

  private static @Nullable Violation domainName(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    return name.length() <= 253 && SUBDOMAIN.matcher(name.toLowerCase(Locale.ROOT)).matches()
        ? null
        : new Violation("not a domain name", "write one like example.com or *.example.com");
  }

  private static @Nullable Violation httpPath(String text) {
    if (!text.startsWith("/")) {
      return new Violation("a path begins with /", "write /" + text);
    }
    return text.chars().anyMatch(c -> c == ' ' || c == '?' || c == '#')
        ? new Violation("a path has no space, ? or #", "write the path only")
        : null;
  }

  private static @Nullable Violation interfaceName(String text) {
    return text.isEmpty() || text.equals("*") || INTERFACE.matcher(text).matches()
        ? null
        : new Violation(
            "not an interface name of at most 15 letters, digits, _, . and -",
            "write one like eth0, or * for all");
  }

  private static @Nullable Violation labelKey(String text) {
    int slash = text.indexOf('/');
    String name = text.substring(slash + 1);
    boolean goodPrefix =
        slash < 0 || (slash <= 253 && SUBDOMAIN.matcher(text.substring(0, slash)).matches());
    return goodPrefix && name.length() <= 63 && QUALIFIED.matcher(name).matches()
        ? null
        : new Violation("not a label key", "write one like app or example.com/app");
  }

  private static @Nullable Violation labelValue(String text) {
    return text.isEmpty() || (text.length() <= 63 && QUALIFIED.matcher(text).matches())
        ? null
        : new Violation(
            "not a label value of at most 63 letters, digits, -, _ and .", "write one like web-1");
  }

  private static @Nullable Violation kubernetesPort(String text) {
    if (isNumber(text) || text.startsWith("-")) {
      return portNumber(text) == null && Integer.parseInt(text) > 0
          ? null
          : new Violation("not a port number", "write a number from 1 to 65535");
    }
    return portName(text);
  }

  private static @Nullable Violation portName(String text) {
    boolean letter = text.chars().anyMatch(c -> c >= 'a' && c <= 'z');
    return text.length() <= 15 && letter && !text.contains("--") && LABEL.matcher(text).matches()
        ? null
        : new Violation(
            "not a port name of at most 15 small letters, digits and single -, one of them a"
                + " letter",
            "write one like http");
  }

  private static @Nullable Violation port(String text) {
    int colon = text.indexOf(':');
    if (colon >= 0) {
      String first = text.substring(0, colon);
      String last = text.substring(colon + 1);
      if (!isNumber(first)
          || portNumber(first) != null
          || !isNumber(last)
          || portNumber(last) != null) {
        return new Violation("not a range of ports", "write one like 8000:8080");
      }
      return Integer.parseInt(first) > Integer.parseInt(last)
          ? new Violation("the range runs backwards", "write " + last + ":" + first)
          : null;
    }
    if (isNumber(text) || text.startsWith("-")) {
      return portNumber(text);
    }
    return text.length() <= 128 && QUALIFIED.matcher(text).matches()
        ? null
        : new Violation("not a port", "write a number, a range like 8000:8080 or a name like http");
  }

  private static @Nullable Violation portNumber(String text) {
    return text.length() <= 5 && isNumber(text) && inRange(Integer.parseInt(text))
        ? null
        : new Violation("not a port number", "write a number from 0 to 65535");
  }

  private static boolean inRange(int port) {
    return PortRange.ALL.contains(port);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static @Nullable Violation protocol(String text) {
    if (PROTOCOLS.contains(text)) {
      return null;
    }
    for (String protocol : PROTOCOLS) {
      if (protocol.equalsIgnoreCase(text)) {
        return new Violation("not a protocol", "write " + protocol);
      }
    }
    try {
      new Protocol(Integer.parseInt(text));
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation(
          "not a protocol",
          "write TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or a number from 1 to 255");
    }
  }

  private static @Nullable Violation portProtocol(String text) {
    return List.of("TCP", "UDP", "SCTP", "6", "17", "132").contains(text)
        ? null
        : new Violation("not a protocol with ports", "write TCP, UDP or SCTP");
  }

  private static @Nullable Violation selector(String text) {
    try {
      Selector.parse(text);
      return null;
    } catch (SelectorSyntaxException e) {
      return new Violation(
          "not a selector: " + e.getMessage(), "write one like app == 'web' && has(tier)");
    }
  }
}
