package io.margay.console.policies;

import io.margay.console.http.HttpFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy or tier as somebody wrote it into the page.
 *
 * @param object null if the text is not one valid object that may be edited here
 * @param problems everything that is wrong; empty exactly if there is an object
 */
record PolicyText(@Nullable KubeObject object, List<Problem> problems) {
  private static final String SOURCE = "text";

  /** What the page edits. Profiles and network sets are for kubectl. */
  private static final Set<Kind> EDITABLE =
      EnumSet.of(
          Kind.TIER,
          Kind.NETWORK_POLICY,
          Kind.GLOBAL_NETWORK_POLICY,
          Kind.STAGED_NETWORK_POLICY,
          Kind.STAGED_GLOBAL_NETWORK_POLICY,
          Kind.STAGED_KUBERNETES_NETWORK_POLICY,
          Kind.KUBERNETES_NETWORK_POLICY,
          Kind.CLUSTER_NETWORK_POLICY);

  PolicyText {
    problems = List.copyOf(problems);
  }

  static boolean editable(Kind kind) {
    return EDITABLE.contains(kind);
  }

  static PolicyText read(String yaml) {
    Manifests.Result result = Manifests.read(SOURCE, yaml);
    if (!result.ok()) {
      return new PolicyText(null, result.problems());
    }
    if (result.objects().size() != 1) {
      return failed(
          "%d objects".formatted(result.objects().size()), "write exactly one policy or tier");
    }
    KubeObject object = result.objects().getFirst();
    if (!editable(object.kind())) {
      return failed(
          object.kind().kind() + " is no policy", "write a policy or a tier, or use kubectl");
    }
    if (object.name().isEmpty()) {
      return failed("the object has no name", "write metadata.name");
    }
    return new PolicyText(object, List.of());
  }

  private static PolicyText failed(String reason, String fix) {
    return new PolicyText(null, List.of(new Problem(SOURCE, "", "", reason, fix)));
  }

  /**
   * The object.
   *
   * @throws HttpFailure 422 with all that is wrong
   */
  KubeObject orRefuse() {
    if (object == null) {
      throw HttpFailure.of(422, problems);
    }
    return object;
  }
}
