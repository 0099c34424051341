package io.margay.flows.goldmane;

import io.margay.flows.Reporter;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.BucketTime;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StringMatch;
import io.margay.flows.query.TimeRange;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goldmane's questions as ours. What cannot be meant is refused with what to write instead. */
final class WireToQuery {
  private static final int MOST_PORT = 65_535;

  /** About thirty thousand years: further from now is no time of a flow. */
  private static final long MOST_SECONDS = 1_000_000_000_000L;

  private WireToQuery() {}

  /**
   * The buckets that start in a time. A start that is no start of a bucket begins with the next
   * one.
   *
   * @return empty if no bucket starts there
   */
  static Optional<TimeRange> range(long startGte, long startLt, Instant now)
      throws UnreadableMessage {
    Instant from = startGte == 0 ? Instant.EPOCH : moment("start_time_gte", startGte, now);
    Instant to = startLt == 0 ? now : moment("start_time_lt", startLt, now);
    if (!from.isBefore(to)) {
      throw new UnreadableMessage(
          "start_time_gte ("
              + from.getEpochSecond()
              + ") must be before start_time_lt ("
              + to.getEpochSecond()
              + ")");
    }
    Instant firstBucket = BucketTime.bucketOf(from.plus(BucketTime.LENGTH).minusNanos(1));
    return firstBucket.isBefore(to)
        ? Optional.of(new TimeRange(firstBucket, to))
        : Optional.empty();
  }

  /** Positive is since 1970, negative before now. */
  static Instant moment(String field, long seconds, Instant now) throws UnreadableMessage {
    if (seconds > MOST_SECONDS || seconds < -MOST_SECONDS) {
      throw new UnreadableMessage(
          field + " " + seconds + " is out of range, write seconds since 1970 or before now");
    }
    return seconds < 0 ? now.plusSeconds(seconds) : Instant.ofEpochSecond(seconds);
  }

  static FlowFilter filter(Wire.Filter wire) throws UnreadableMessage {
    return new FlowFilter(
        texts(wire.getSourceNamesList()),
        texts(wire.getSourceNamespacesList()),
        texts(wire.getDestNamesList()),
        texts(wire.getDestNamespacesList()),
        List.of(),
        texts(wire.getProtocolsList()),
        ports(wire.getDestPortsList()),
        actions("filter.actions", wire.getActionsList()),
        actions("filter.pending_actions", wire.getPendingActionsList()),
        policies(wire.getPoliciesList()),
        reporter(wire.getReporter()),
        false);
  }

  private static List<StringMatch> texts(List<Wire.StringMatch> wire) throws UnreadableMessage {
    List<StringMatch> matches = new ArrayList<>(wire.size());
    for (Wire.StringMatch match : wire) {
      matches.add(
          new StringMatch(
              match.getValue(),
              switch (match.getType()) {
                case Exact -> StringMatch.Type.EXACT;
                case Fuzzy -> StringMatch.Type.FUZZY;
                case UNRECOGNIZED ->
                    throw new UnreadableMessage(
                        "match type " + match.getTypeValue() + " is unknown, write Exact or Fuzzy");
              }));
    }
    return matches;
  }

  private static List<Integer> ports(List<Wire.PortMatch> wire) throws UnreadableMessage {
    List<Integer> ports = new ArrayList<>(wire.size());
    for (Wire.PortMatch match : wire) {
      if (match.getPort() < 0 || match.getPort() > MOST_PORT) {
        throw new UnreadableMessage(
            "filter.dest_ports: " + match.getPort() + " is not between 0 and " + MOST_PORT);
      }
      ports.add((int) match.getPort());
    }
    return ports;
  }

  private static List<RuleAction> actions(String field, List<Wire.Action> wire)
      throws UnreadableMessage {
    List<RuleAction> actions = new ArrayList<>(wire.size());
    for (Wire.Action action : wire) {
      actions.add(WireToFlow.action(field, action));
    }
    return actions;
  }

  private static List<PolicyMatch> policies(List<Wire.PolicyMatch> wire) throws UnreadableMessage {
    List<PolicyMatch> matches = new ArrayList<>(wire.size());
    for (Wire.PolicyMatch match : wire) {
      matches.add(policy(match));
    }
    return matches;
  }

  static PolicyMatch policy(Wire.PolicyMatch wire) throws UnreadableMessage {
    return new PolicyMatch(
        kind(wire),
        orNull(wire.getTier()),
        orNull(wire.getNamespace()),
        orNull(wire.getName()),
        wire.getAction() == Wire.Action.ActionUnspecified
            ? null
            : WireToFlow.action("a policy match's action", wire.getAction()));
  }

  private static @Nullable String kind(Wire.PolicyMatch wire) throws UnreadableMessage {
    return switch (wire.getKind()) {
      case KindUnspecified -> null;
      case UNRECOGNIZED ->
          throw new UnreadableMessage("policy kind " + wire.getKindValue() + " is unknown");
      case CalicoNetworkPolicy,
          GlobalNetworkPolicy,
          StagedNetworkPolicy,
          StagedGlobalNetworkPolicy,
          StagedKubernetesNetworkPolicy,
          NetworkPolicy,
          ClusterNetworkPolicy,
          Profile,
          EndOfTier ->
          wire.getKind().name();
    };
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Reporter reporter(Wire.Reporter wire) throws UnreadableMessage {
    return switch (wire) {
      case ReporterUnspecified -> null;
      case Src -> Reporter.SOURCE;
      case Dst -> Reporter.DESTINATION;
      case UNRECOGNIZED -> throw new UnreadableMessage("filter.reporter must be Src or Dst");
    };
  }

  /** By time unless something else is asked for. */
  static FlowOrder order(List<Wire.SortOption> wire) throws UnreadableMessage {
    if (wire.size() > 1) {
      throw new UnreadableMessage("sort_by: at most one sort order is supported");
    }
    return wire.isEmpty() ? FlowOrder.TIME : order(wire.getFirst());
  }

  private static FlowOrder order(Wire.SortOption option) throws UnreadableMessage {
    return switch (option.getSortBy()) {
      case Time -> FlowOrder.TIME;
      case DestName -> FlowOrder.DEST_NAME;
      case DestNamespace -> FlowOrder.DEST_NAMESPACE;
      case SourceName -> FlowOrder.SOURCE_NAME;
      case SourceNamespace -> FlowOrder.SOURCE_NAMESPACE;
      case DestType, SourceType, UNRECOGNIZED ->
          throw new UnreadableMessage(
              "sort_by "
                  + option.getSortByValue()
                  + " is not supported, write Time, DestName, DestNamespace, SourceName or"
                  + " SourceNamespace");
    };
  }

  static Page.Request page(long number, long size) throws UnreadableMessage {
    if (number < 0 || size < 0 || number > Integer.MAX_VALUE || size > Integer.MAX_VALUE) {
      throw new UnreadableMessage(
          "page " + number + " of " + size + ": both count from 0 to " + Integer.MAX_VALUE);
    }
    return size == 0 ? Page.Request.EVERYTHING : new Page.Request((int) number, (int) size);
  }

  static HintType hint(Wire.FilterType wire) throws UnreadableMessage {
    return switch (wire) {
      case FilterTypeDestName -> HintType.DEST_NAME;
      case FilterTypeSourceName -> HintType.SOURCE_NAME;
      case FilterTypeDestNamespace -> HintType.DEST_NAMESPACE;
      case FilterTypeSourceNamespace -> HintType.SOURCE_NAMESPACE;
      case FilterTypePolicyTier -> HintType.POLICY_TIER;
      case FilterTypePolicyName -> HintType.POLICY_NAME;
      case FilterTypePolicyKind -> HintType.POLICY_KIND;
      case FilterTypePolicyNamespace -> HintType.POLICY_NAMESPACE;
      case FilterTypeUnspecified, UNRECOGNIZED ->
          throw new UnreadableMessage(
              "type must be one of DestName, SourceName, DestNamespace, SourceNamespace,"
                  + " PolicyTier, PolicyName, PolicyKind, PolicyNamespace");
    };
  }

  static StatisticType type(Wire.StatisticType wire) throws UnreadableMessage {
    return switch (wire) {
      case PacketCount -> StatisticType.PACKETS;
      case ByteCount -> StatisticType.BYTES;
      case LiveConnectionCount -> StatisticType.LIVE_CONNECTIONS;
      case UNRECOGNIZED ->
          throw new UnreadableMessage("type must be PacketCount, ByteCount or LiveConnectionCount");
    };
  }

  static StatisticsGroup group(Wire.StatisticsGroupBy wire) throws UnreadableMessage {
    return switch (wire) {
      case Policy -> StatisticsGroup.POLICY;
      case PolicyRule -> StatisticsGroup.POLICY_RULE;
      case UNRECOGNIZED -> throw new UnreadableMessage("group_by must be Policy or PolicyRule");
    };
  }

  /** Flows are summed up over all of the range whatever the interval, as by Goldmane. */
  static void checkListInterval(long seconds) throws UnreadableMessage {
    if (seconds < 0 || seconds % BucketTime.LENGTH.toSeconds() != 0) {
      throw new UnreadableMessage(
          "aggregation_interval " + seconds + " is not a multiple of 15 seconds");
    }
  }

  static void checkStreamInterval(long seconds) throws UnreadableMessage {
    if (seconds != 0 && seconds != BucketTime.LENGTH.toSeconds()) {
      throw new UnreadableMessage("aggregation_interval " + seconds + " must be 15 seconds");
    }
  }
}
