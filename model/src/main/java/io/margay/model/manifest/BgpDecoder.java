package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BgpConfiguration;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.BgpFilter.Operation;
import io.margay.model.resource.BgpPeer;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.SecretKey;
import io.margay.model.selector.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the objects about BGP. */
final class BgpDecoder {
  private static final long MAX_AS = 0xffff_ffffL;
  private static final Pattern COMMUNITY =
      Pattern.compile("[0-9]{1,10}:[0-9]{1,10}(:[0-9]{1,10})?");
  private static final Pattern DURATION = Pattern.compile("([0-9]+)(h|ms|m|s)");

  private BgpDecoder() {}

  static BgpConfiguration configuration(ObjectMeta metadata, Field spec) {
    Field.Mark mark = spec.mark();
    Map<String, String> communities = new LinkedHashMap<>();
    for (Field community : spec.at("communities").items()) {
      community
          .at("value")
          .required(BgpDecoder::community)
          .ifPresent(value -> communities.put(community.at("name").text(), value));
    }
    List<Cidr> services = new ArrayList<>();
    for (String list :
        List.of("serviceClusterIPs", "serviceExternalIPs", "serviceLoadBalancerIPs")) {
      services.addAll(spec.at(list).items(item -> item.at("cidr").required(Cidr::parse)));
    }
    Boolean mesh = spec.at("nodeToNodeMeshEnabled").optionalFlag();
    Integer port = spec.at("listenPort").integer(1, 65_535);
    return new BgpConfiguration(
        metadata,
        new BgpConfiguration.Spec(
            mesh == null || mesh,
            asNumber(spec.at("asNumber"), BgpConfiguration.DEFAULT_AS),
            port == null ? BgpConfiguration.DEFAULT_PORT : port,
            spec.at("bindMode").text().equals("NodeIP"),
            services,
            communities,
            spec.at("prefixAdvertisements").items(BgpDecoder::advertisement),
            spec.at("ignoredInterfaces").items(item -> item.parsed(BgpDecoder::linkPattern)),
            duration(spec.at("nodeMeshMaxRestartTime")),
            password(spec.at("nodeMeshPassword")),
            failure(mark)));
  }

  private static Optional<BgpConfiguration.Advertisement> advertisement(Field item) {
    List<String> communities =
        item.at("communities").items(text -> text.parsed(BgpDecoder::nameOrCommunity));
    return item.at("cidr")
        .required(Cidr::parse)
        .map(cidr -> new BgpConfiguration.Advertisement(cidr, communities));
  }

  static BgpPeer peer(ObjectMeta metadata, Field spec) {
    Field.Mark mark = spec.mark();
    for (String field : List.of("localWorkloadSelector", "reversePeering")) {
      if (spec.at(field).present() && !spec.at(field).word().equals("Manual")) {
        spec.at(field).problem("not supported", "remove it");
      }
    }
    String peer = spec.at("peerIP").text();
    String nextHop = spec.at("nextHopMode").text();
    Integer allowed = spec.at("numAllowedLocalASNumbers").integer(0, 255);
    Integer hops = spec.at("ttlSecurity").integer(0, 255);
    boolean keep = spec.at("keepOriginalNextHop").flag() || nextHop.equals("Keep");
    return new BgpPeer(
        metadata,
        new BgpPeer.Spec(
            spec.at("node").text(),
            selector(spec.at("nodeSelector")),
            peer.isEmpty()
                ? null
                : spec.at("peerIP").parsed(text -> IpAddress.parse(host(text))).orElse(null),
            peer.isEmpty() ? 0 : spec.at("peerIP").parsed(BgpDecoder::port).orElse(0),
            asNumber(spec.at("asNumber"), 0),
            asNumber(spec.at("localASNumber"), 0),
            selector(spec.at("peerSelector")),
            keep
                ? BgpPeer.NextHop.KEEP
                : nextHop.equals("Self") ? BgpPeer.NextHop.SELF : BgpPeer.NextHop.AUTO,
            !spec.at("sourceAddress").text().equals("None"),
            duration(spec.at("maxRestartTime")),
            duration(spec.at("keepaliveTime")),
            allowed == null ? 0 : allowed,
            hops == null ? 0 : hops,
            spec.at("reachableBy").parsed(IpAddress::parse).orElse(null),
            password(spec.at("password")),
            texts(spec.at("filters")),
            failure(mark)));
  }

  private static @Nullable SecretKey password(Field field) {
    if (!field.present()) {
      return null;
    }
    Field reference = field.at("secretKeyRef");
    String secret = reference.at("name").text();
    String key = reference.at("key").text();
    if (secret.isEmpty() || key.isEmpty()) {
      field.problem("names no secret", "write secretKeyRef: {name: SECRET, key: KEY}");
    }
    return new SecretKey(secret, key);
  }

  /** Of {@code 10.0.0.1}, {@code 10.0.0.1:179}, {@code fd00::1} and {@code [fd00::1]:179}. */
  private static String host(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end < 0 ? text : text.substring(1, end);
    }
    int colon = text.indexOf(':');
    return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
  }

  private static int port(String text) {
    String host = host(text);
    int start = text.startsWith("[") ? host.length() + 2 : host.length();
    if (start >= text.length()) {
      return 0;
    }
    String port = text.substring(start);
    if (!port.matches(":[0-9]{1,5}") || Integer.parseInt(port.substring(1)) > 65_535) {
      throw new IllegalArgumentException("not an address with a port like 10.0.0.1:179");
    }
    return Integer.parseInt(port.substring(1));
  }

  static BgpFilter filter(ObjectMeta metadata, Field spec) {
    return new BgpFilter(
        metadata,
        new BgpFilter.Spec(
            rules(spec.at("exportV4"), IpFamily.IPV4),
            rules(spec.at("importV4"), IpFamily.IPV4),
            rules(spec.at("exportV6"), IpFamily.IPV6),
            rules(spec.at("importV6"), IpFamily.IPV6)));
  }

  private static List<BgpFilter.Rule> rules(Field list, IpFamily family) {
    return list.items().stream().map(rule -> rule(rule, family)).toList();
  }

  private static BgpFilter.Rule rule(Field rule, IpFamily family) {
    Field.Mark mark = rule.mark();
    Cidr cidr =
        rule.at("cidr").text().isEmpty()
            ? null
            : rule.at("cidr").parsed(text -> ofFamily(Cidr.parse(text), family)).orElse(null);
    Integer least = rule.at("prefixLength").at("min").integer(0, family.bits());
    Integer most = rule.at("prefixLength").at("max").integer(0, family.bits());
    Integer priority = rule.at("priority").integer(1, Integer.MAX_VALUE - 1);
    List<String> communities =
        rule.at("communities").at("values").items(value -> value.parsed(BgpDecoder::community));
    BgpFilter.Match match =
        rule.at("matchOperator").parsed(BgpDecoder::match).orElse(BgpFilter.Match.IN);
    BgpFilter.PeerType peers =
        rule.at("peerType").parsed(BgpDecoder::peerType).orElse(BgpFilter.PeerType.ANY);
    boolean accept = rule.at("action").required(BgpDecoder::isAccept).orElse(false);
    List<Long> path = rule.at("asPathPrefix").items(number -> number.parsed(BgpDecoder::parseAs));
    List<Operation> operations = rule.at("operations").items(BgpDecoder::operation);
    return new BgpFilter.Rule(
        cidr,
        match,
        least == null ? cidr == null ? 0 : cidr.prefixLength() : least,
        most == null ? family.bits() : most,
        rule.at("source").text().equals("RemotePeers"),
        rule.at("interface").parsed(BgpDecoder::linkPattern).orElse(""),
        peers,
        communities.isEmpty() ? "" : communities.getFirst(),
        path,
        priority == null ? 0 : priority,
        accept,
        operations,
        mark.failure() == null);
  }

  private static Cidr ofFamily(Cidr cidr, IpFamily family) {
    if (cidr.family() != family) {
      throw new IllegalArgumentException("of the other family");
    }
    return cidr;
  }

  private static BgpFilter.Match match(String text) {
    return switch (text) {
      case "Equal" -> BgpFilter.Match.EQUAL;
      case "NotEqual" -> BgpFilter.Match.NOT_EQUAL;
      case "", "In" -> BgpFilter.Match.IN;
      case "NotIn" -> BgpFilter.Match.NOT_IN;
      default -> throw new IllegalArgumentException("not Equal, NotEqual, In or NotIn");
    };
  }

  private static BgpFilter.PeerType peerType(String text) {
    return switch (text) {
      case "" -> BgpFilter.PeerType.ANY;
      case "eBGP" -> BgpFilter.PeerType.EXTERNAL;
      case "iBGP" -> BgpFilter.PeerType.INTERNAL;
      default -> throw new IllegalArgumentException("not eBGP or iBGP");
    };
  }

  private static boolean isAccept(String text) {
    return switch (text) {
      case "Accept" -> true;
      case "Reject" -> false;
      default -> throw new IllegalArgumentException("not Accept or Reject");
    };
  }

  private static Optional<Operation> operation(Field operation) {
    if (operation.at("addCommunity").present()) {
      return operation
          .at("addCommunity")
          .at("value")
          .required(BgpDecoder::community)
          .map(Operation.AddCommunity::new);
    }
    if (operation.at("prependASPath").present()) {
      return Optional.of(
          new Operation.PrependAsPath(
              operation
                  .at("prependASPath")
                  .at("prefix")
                  .items(number -> number.parsed(BgpDecoder::parseAs))));
    }
    Integer priority = operation.at("setPriority").at("value").integer(1, Integer.MAX_VALUE - 1);
    if (priority == null) {
      operation.problem("not an operation", "write addCommunity, prependASPath or setPriority");
      return Optional.empty();
    }
    return Optional.of(new Operation.SetPriority(priority));
  }

  /** It is written between quotes in a configuration. */
  private static String linkPattern(String text) {
    if (!text.matches("[A-Za-z0-9_.*?-]{0,15}")) {
      throw new IllegalArgumentException("not an interface's name or pattern like eth*");
    }
    return text;
  }

  private static @Nullable Selector selector(Field field) {
    return field.text().isEmpty() ? null : field.<Selector>parsed(Selector::parse).orElse(null);
  }

  private static List<String> texts(Field list) {
    return list.items().stream().map(Field::text).toList();
  }

  private static String failure(Field.Mark mark) {
    String failure = mark.failure();
    return failure == null ? "" : failure;
  }

  private static long asNumber(Field field, long otherwise) {
    return field.text().isEmpty() ? otherwise : field.parsed(BgpDecoder::parseAs).orElse(otherwise);
  }

  /** A number of 32 bits, also as two of 16 with a dot between. */
  private static long parseAs(String text) {
    if (text.matches("[0-9]{1,10}") && Long.parseLong(text) <= MAX_AS) {
      return Long.parseLong(text);
    }
    if (text.matches("[0-9]{1,5}\\.[0-9]{1,5}")) {
      long high = Long.parseLong(text.substring(0, text.indexOf('.')));
      long low = Long.parseLong(text.substring(text.indexOf('.') + 1));
      if (high <= 0xffff && low <= 0xffff) {
        return high << 16 | low;
      }
    }
    throw new IllegalArgumentException("not an AS number like 64512");
  }

  private static String nameOrCommunity(String text) {
    return text.indexOf(':') < 0 ? text : community(text);
  }

  private static String community(String text) {
    if (!COMMUNITY.matcher(text).matches()) {
      throw new IllegalArgumentException("not a community like 64512:100 or 64512:1:2");
    }
    long most = text.indexOf(':') == text.lastIndexOf(':') ? 0xffff : MAX_AS;
    for (String part : text.split(":", -1)) {
      if (Long.parseLong(part) > most) {
        throw new IllegalArgumentException("a part is larger than " + most);
      }
    }
    return text;
  }

  private static @Nullable Duration duration(Field field) {
    return field.text().isEmpty() ? null : field.parsed(BgpDecoder::parseDuration).orElse(null);
  }

  /** As Go writes it: {@code 2m0s}. */
  private static Duration parseDuration(String text) {
    Matcher parts = DURATION.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (parts.find() && parts.start() == at) {
      long amount = Long.parseLong(parts.group(1));
      sum =
          sum.plus(
              switch (parts.group(2)) {
                case "h" -> Duration.ofHours(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMillis(amount);
              });
      at = parts.end();
    }
    if (at == 0 || at != text.length()) {
      throw new IllegalArgumentException("not a duration like 90s or 2m");
    }
    return sum;
  }
}
