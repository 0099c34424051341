package io.margay.policy.engine;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.ProfileRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The profiles, those of namespaces and service accounts among them. */
final class ProfileRegistry {
  /** Exists in every Calico cluster; automatic host endpoints name it. */
  private static final String DEFAULT_ALLOW = "projectcalico-default-allow";

  private static final List<MatchRule> ALLOW = List.of(MatchRule.any(0, RuleAction.ALLOW));
  private static final ProfileRules BUILT_IN =
      new ProfileRules(DEFAULT_ALLOW, Map.of(), ALLOW, ALLOW, List.of());

  private final Answers answers;
  private final Map<String, ProfileRules> profiles = new HashMap<>();

  /** Profiles that endpoints here name, whether they exist or not. */
  private final Map<String, Used> used = new HashMap<>();

  private final Set<String> changed = new LinkedHashSet<>();

  private static final class Used {
    int endpoints;
    @Nullable CompiledProfile compiled;
  }

  ProfileRegistry(Answers answers) {
    this.answers = answers;
    profiles.put(DEFAULT_ALLOW, BUILT_IN);
  }

  void put(ProfileRules profile) {
    profiles.put(profile.name(), profile);
    changed.add(profile.name());
  }

  void remove(String name) {
    if (name.equals(DEFAULT_ALLOW)) {
      profiles.put(name, BUILT_IN);
    } else {
      profiles.remove(name);
    }
    changed.add(name);
  }

  boolean exists(String name) {
    return profiles.containsKey(name);
  }

  /** The labels that endpoints inherit from the profile; none if it does not exist. */
  Map<String, String> labels(String name) {
    ProfileRules profile = profiles.get(name);
    return profile == null ? Map.of() : profile.labels();
  }

  /** One more endpoint here names the profile. */
  void use(String name) {
    if (used.computeIfAbsent(name, n -> new Used()).endpoints++ == 0) {
      changed.add(name);
    }
  }

  /** One endpoint less. */
  void disuse(String name) {
    if (--used(name).endpoints == 0) {
      changed.add(name);
    }
  }

  /** Asks the questions of profiles that came into use or changed; gives those to forget. */
  List<Runnable> compileChanged() {
    List<Runnable> retired = new ArrayList<>();
    for (String name : changed) {
      Used use = used.get(name);
      if (use == null) {
        continue;
      }
      CompiledProfile old = use.compiled;
      if (old != null) {
        retired.add(() -> old.forget(answers));
      }
      if (use.endpoints == 0) {
        used.remove(name);
      } else {
        use.compiled = new CompiledProfile(name, profiles.get(name), answers);
      }
    }
    changed.clear();
    return retired;
  }

  /** The profiles of this list that can end an evaluation. */
  List<CompiledProfile> deciding(List<String> names, Direction direction) {
    List<CompiledProfile> deciding = new ArrayList<>(names.size());
    for (String name : names) {
      CompiledProfile compiled = Objects.requireNonNull(used(name).compiled, "not compiled yet");
      if (compiled.matters(direction)) {
        deciding.add(compiled);
      }
    }
    return deciding;
  }

  private Used used(String name) {
    return Objects.requireNonNull(used.get(name), "no endpoint uses profile " + name);
  }
}
