package io.margay.console.kubernetes;

import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions;
import io.margay.console.kubernetes.Reviews.Action;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the role bindings of a cluster let a user see and do.
 *
 * <ul>
 *   <li>A namespace is seen by those who may list its pods and its Calico network policies.
 *   <li>Everything is seen by those who may do so in all namespaces, and may list global policies.
 *   <li>A policy is changed by those who may do that to the object. Policies of Calico's API need
 *       more, as with Calico's own API server: to get the tier, and the same verb on the tier's
 *       pseudo-resource, for {@code TIER.*} or for the policy.
 * </ul>
 */
final class ClusterPermissions implements Permissions {
  private static final int AT_ONCE = 16;
  private static final String CALICO = Kind.NETWORK_POLICY.group();
  private static final Set<Kind> TIERED =
      Set.of(
          Kind.NETWORK_POLICY,
          Kind.GLOBAL_NETWORK_POLICY,
          Kind.STAGED_NETWORK_POLICY,
          Kind.STAGED_GLOBAL_NETWORK_POLICY);

  private final Reviews reviews;
  private final Identity identity;
  private final boolean all;
  private final Set<String> namespaces;
  private final boolean edits;
  private final Map<Action, Boolean> answers = new ConcurrentHashMap<>();

  private ClusterPermissions(
      Reviews reviews, Identity identity, boolean all, Set<String> namespaces, boolean edits) {
    this.reviews = reviews;
    this.identity = identity;
    this.all = all;
    this.namespaces = Set.copyOf(namespaces);
    this.edits = edits;
  }

  /** Asks for all that pages need at once. */
  static ClusterPermissions read(Reviews reviews, Identity identity, Set<String> existing) {
    boolean all =
        sees(reviews, identity, "")
            && reviews.allowed(identity, list(CALICO, Kind.GLOBAL_NETWORK_POLICY, ""));
    Set<String> visible = all ? Set.of() : visible(reviews, identity, existing);
    Set<String> places = new HashSet<>(visible);
    if (all) {
      places.add("");
    }
    boolean edits =
        places.stream()
            .anyMatch(namespace ->
                reviews.allowed(
                    identity,
                    new Action(
                        Verb.UPDATE.word(), CALICO, Kind.NETWORK_POLICY.plural(), namespace, "")));
    return new ClusterPermissions(reviews, identity, all, visible, edits);
  }

  private static boolean sees(Reviews reviews, Identity identity, String namespace) {
    return reviews.allowed(identity, list("", Kind.POD, namespace))
        && reviews.allowed(identity, list(CALICO, Kind.NETWORK_POLICY, namespace));
  }

  private static Action list(String group, Kind kind, String namespace) {
    return new Action("list", group, kind.plural(), namespace, "");
  }

  /** A cluster may have many namespaces, and each takes a question or two. */
  private static Set<String> visible(Reviews reviews, Identity identity, Set<String> existing) {
    Set<String> visible = new TreeSet<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("reviews-", 0).factory())) {
      List<String> names = List.copyOf(existing);
      List<Callable<Boolean>> questions = new ArrayList<>();
      names.forEach(name -> questions.add(() -> sees(reviews, identity, name)));
      List<Future<Boolean>> answers = threads.invokeAll(questions);
      for (int i = 0; i < names.size(); i++) {
        if (answers.get(i).get()) {
          visible.add(names.get(i));
        }
      }
    } catch (ExecutionException e) {
      throw new AccessUnavailableException(
          "the cluster cannot say now what " + identity.user() + " may see", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AccessUnavailableException("the console stops", e);
    }
    return visible;
  }

  @Override
  public boolean seesAll() {
    return all;
  }

  @Override
  public Set<String> namespaces() {
    return namespaces;
  }

  @Override
  public boolean edits() {
    return edits;
  }

  @Override
  public boolean permits(Verb verb, ResourceKey key, String tier) {
    return permits(verb, key.kind().group(), key.kind().plural(), key)
        && (!TIERED.contains(key.kind()) || permitsInTier(verb, key, tier));
  }

  /** Whoever may do it to all of a kind may do it to each, which saves many questions. */
  private boolean permits(Verb verb, String group, String resource, ResourceKey key) {
    return ask(new Action(verb.word(), group, resource, key.namespace(), ""))
        || ask(new Action(verb.word(), group, resource, key.namespace(), key.name()));
  }

  private boolean permitsInTier(Verb verb, ResourceKey key, String tier) {
    String pseudo = "tier." + key.kind().plural();
    return ask(new Action("get", CALICO, Kind.TIER.plural(), "", tier))
        && (ask(new Action(verb.word(), CALICO, pseudo, key.namespace(), tier + ".*"))
            || ask(new Action(verb.word(), CALICO, pseudo, key.namespace(), key.name())));
  }

  private boolean ask(Action action) {
    return answers.computeIfAbsent(action, asked -> reviews.allowed(identity, asked));
  }
}
