package io.margay.console.why;

import io.margay.console.flow.FlowJson;
import io.margay.console.flow.RecordedTimes;
import io.margay.console.flow.RecordedTimes.Gap;
import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.StringMatch;
import io.margay.flows.query.TimeRange;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is on record of two ends at some time. */
final class PastFlows {
  /** How far before and after the time is looked: the nearest records win. */
  private static final List<Duration> AROUND =
      List.of(Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofHours(1));

  private static final int MOST_FLOWS = 1_000;

  private final FlowReader reader;
  private final RecordedTimes recorded;
  private final Instant now;

  /**
   * Looks in a history.
   *
   * @param reader has the flows that the asker may see
   * @param recorded knows of all flows
   */
  PastFlows(FlowReader reader, RecordedTimes recorded, Instant now) {
    this.reader = reader;
    this.recorded = recorded;
    this.now = now;
  }

  /**
   * Who is asked about.
   *
   * @param from {@code namespace/pod} or the name of its owner, {@code host:NAME}, or what a record
   *     calls an end that has no namespace
   * @param port empty for any
   */
  record Question(String from, String to, Protocol protocol, OptionalInt port, Instant at) {}

  /**
   * What was found.
   *
   * @param within how far from the asked time, null if nothing was found
   * @param flows the newest first, at most a thousand
   * @param missing why there may be nothing, null if there is something
   */
  record Found(@Nullable Duration within, List<Flow> flows, @Nullable String missing) {}

  /**
   * The flows that were nearest.
   *
   * @throws IllegalArgumentException with a message for the user, where records cannot know an end
   */
  Found near(Question question) {
    FlowFilter filter = filter(question);
    for (Duration around : AROUND) {
      TimeRange range = new TimeRange(question.at().minus(around), question.at().plus(around));
      List<Flow> flows =
          reader.list(range, filter, FlowOrder.TIME, new Page.Request(0, MOST_FLOWS)).items();
      if (!flows.isEmpty()) {
        return new Found(around, flows, null);
      }
    }
    return new Found(null, List.of(), missing(question.at()));
  }

  private static FlowFilter filter(Question question) {
    Names source = Names.of(question.from());
    Names dest = Names.of(question.to());
    boolean anyPort = question.port().isEmpty() || !question.protocol().hasPorts();
    return new FlowFilter(
        source.names(),
        source.namespaces(),
        dest.names(),
        dest.namespaces(),
        List.of(),
        List.of(StringMatch.exact(FlowKey.protocolName(question.protocol()))),
        anyPort ? List.of() : List.of(question.port().getAsInt()),
        List.of(),
        List.of(),
        List.of(),
        null,
        false);
  }

  /** How records may name an end. */
  private record Names(List<StringMatch> namespaces, List<StringMatch> names) {
    static Names of(String peer) {
      if (isAddress(peer)) {
        throw new IllegalArgumentException(
            "flow records keep no addresses: instead of "
                + peer
                + " write \"PUBLIC NETWORK\", \"PRIVATE NETWORK\" or the name of its network set");
      }
      int slash = peer.indexOf('/');
      return slash < 0
          ? new Names(exactly(Set.of(FlowPeer.NO_NAMESPACE)), exactly(Set.of(global(peer))))
          : new Names(
              exactly(Set.of(peer.substring(0, slash))),
              exactly(namesOfPod(peer.substring(slash + 1))));
    }
  }

  private static String global(String name) {
    return name.startsWith("host:")
        ? name.substring("host:".length())
        : FlowJson.recordedName(name);
  }

  /** Records name the pods of one owner together: {@code web-7d9f-*} for web-7d9f-x2x7c. */
  private static Set<String> namesOfPod(String name) {
    Set<String> names = new TreeSet<>(Set.of(name, name + "-*"));
    if (name.contains("-")) {
      names.add(name.substring(0, name.lastIndexOf('-')) + "-*");
    }
    return names;
  }

  private static boolean isAddress(String peer) {
    try {
      IpAddress.parse(peer);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<StringMatch> exactly(Set<String> values) {
    return values.stream().map(StringMatch::exact).toList();
  }

  /** Why there may be nothing: it is not always that nobody spoke. */
  private String missing(Instant time) {
    Instant since = recorded.since();
    if (since == null) {
      return "no flow at all is on record";
    }
    if (time.isBefore(since)) {
      return "flows are on record since " + since + " only";
    }
    for (Gap gap : recorded.gaps(time.minus(AROUND.getLast()), since, now)) {
      if (gap.has(time)) {
        return "no flow at all was recorded from %s to %s, it was quiet, or nobody collected"
            .formatted(gap.from(), gap.to());
      }
    }
    return "others are, so they did not speak, or no policy judged it";
  }
}
