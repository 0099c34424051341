package io.margay.policy.recommend;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Staged policies that allow the traffic that was seen and deny all else. A rule names its far end
 * in the most particular way of these: a workload (for workloads, in their own namespace), a
 * namespace, a network set, private addresses, public addresses.
 */
public final class Recommender {
  /** On policies and rules that were learned; rules without it are their author's. */
  public static final String SCOPE = "policyrecommendation.tigera.io/scope";

  /** On policies: what their learned rules leave out or make wider. */
  public static final String NOTES = "policyrecommendation.margay.io/notes";

  private final Options options;
  private final Predicate<String> namespaces;
  private final Predicate<Peer.Host> hosts;
  private final Addresses addresses;
  private final Map<ResourceKey, KubeObject> existing;

  /** What gets a policy of its own. */
  public enum Scope {
    NAMESPACE,
    WORKLOAD
  }

  /**
   * How policies are to be.
   *
   * @param tier of policies that are new
   * @param passOwnNamespace whether namespaces leave traffic within them to later tiers
   */
  public record Options(Scope scope, String tier, boolean passOwnNamespace) {
    /** Policies in the default tier that decide all traffic. */
    public static Options of(Scope scope) {
      return new Options(scope, Tier.DEFAULT, false);
    }
  }

  /**
   * A recommender.
   *
   * @param namespaces which of them get policies
   * @param hosts which of them get policies
   * @param existing where policies that were recommended before are found: staged ones, and those
   *     that were enforced since
   */
  public Recommender(
      Options options,
      Predicate<String> namespaces,
      Predicate<Peer.Host> hosts,
      Addresses addresses,
      Map<ResourceKey, KubeObject> existing) {
    this.options = options;
    this.namespaces = namespaces;
    this.hosts = hosts;
    this.addresses = addresses;
    this.existing = existing;
  }

  private record Learners(RuleLearner ingress, RuleLearner egress) {}

  /** The policies for what was seen. */
  public Recommendations recommend(Collection<Observation> observations) {
    SortedSet<String> notes = new TreeSet<>();
    List<KubeObject> policies = new ArrayList<>();
    learn(observations, notes)
        .forEach((subject, learners) -> {
          ResourceKey enforced = subject.enforced();
          KubeObject before = existing.get(subject.staged());
          if (existing.containsKey(enforced)) {
            notes.add(enforced + ": enforced, so nothing is learned beside it");
          } else if (before != null && !isLearning(before)) {
            notes.add(before.key() + ": not at Learn, so it stays as it is");
          } else {
            LearnedPolicy learned = learned(subject, learners);
            learned.notes().forEach(note -> notes.add(subject + ": " + note));
            policies.add(learned.over(before));
          }
        });
    return new Recommendations(policies, List.copyOf(notes));
  }

  private SortedMap<Subject, Learners> learn(
      Collection<Observation> observations, Collection<String> notes) {
    SortedMap<Subject, Learners> subjects = new TreeMap<>();
    for (Observation seen : observations) {
      Subject to = subject(seen.destination(), notes);
      if (to != null) {
        learners(to, subjects).ingress().see(seen.source(), seen.protocol(), seen.port());
      }
      Subject from = subject(seen.source(), notes);
      if (from != null) {
        learners(from, subjects).egress().see(seen.destination(), seen.protocol(), seen.port());
      }
    }
    return subjects;
  }

  /** What the policy is for that an end gets; null if it gets none. */
  private @Nullable Subject subject(Peer end, Collection<String> notes) {
    return switch (end) {
      case Peer.Workload workload when namespaces.test(workload.namespace()) ->
          switch (options.scope()) {
            case NAMESPACE -> new Subject(workload.namespace(), "", Map.of());
            case WORKLOAD -> {
              String name = workload.namespace() + "/" + workload.name();
              yield isToldApart(name, workload.labels(), "pods", notes)
                  ? new Subject(workload.namespace(), workload.name(), workload.labels())
                  : null;
            }
          };
      case Peer.Host host when hosts.test(host) ->
          isToldApart("host " + host.name(), host.labels(), "host endpoints", notes)
              ? new Subject("", host.name(), host.labels())
              : null;
      case Peer.Workload _,
          Peer.Host _,
          Peer.NetworkSet _,
          Peer.PrivateAddress _,
          Peer.PublicAddress _ ->
          null;
    };
  }

  private static boolean isToldApart(
      String name, Map<String, String> labels, String others, Collection<String> notes) {
    if (labels.isEmpty()) {
      notes.add(
          "%s: no labels tell it apart from other %s: no policy of its own"
              .formatted(name, others));
    }
    return !labels.isEmpty();
  }

  private Learners learners(Subject subject, Map<Subject, Learners> subjects) {
    return subjects.computeIfAbsent(
        subject,
        _ ->
            new Learners(
                new RuleLearner(
                    subject, true, addresses, options.passOwnNamespace(), marks(subject)),
                new RuleLearner(
                    subject, false, addresses, options.passOwnNamespace(), marks(subject))));
  }

  private LearnedPolicy learned(Subject subject, Learners learners) {
    RuleLearner.Learned ingress = learners.ingress().rules();
    RuleLearner.Learned egress = learners.egress().rules();
    SortedSet<String> notes = new TreeSet<>(ingress.notes());
    notes.addAll(egress.notes());
    return new LearnedPolicy(
        subject, options.tier(), marks(subject), ingress.rules(), egress.rules(), notes);
  }

  private Map<String, String> marks(Subject subject) {
    return Map.of(SCOPE, subject.isHost() ? "host" : word(options.scope()));
  }

  private static String word(Scope scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }

  private static boolean isLearning(KubeObject staged) {
    return staged.json().path("spec").path("stagedAction").asText().equals("Learn");
  }
}
