package io.margay.policy.why;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathStep;
import io.margay.policy.engine.GoverningTier;
import io.margay.policy.table.EndpointId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection is allowed or denied.
 *
 * @param points where the connection is judged, in its order; none if nobody judges it
 * @param flip what would turn the enforced verdict; null where policies alone cannot
 */
public record Explanation(PathDecision decision, List<Point> points, @Nullable Flip flip) {
  public Explanation {
    points = List.copyOf(points);
  }

  /**
   * One point.
   *
   * @param tiers that govern the endpoint, in order, whether they decided or not
   * @param profiles that apply after the tiers; none where the stage knows no profiles
   * @param enforced what was decided; null if the connection was denied before it came here
   * @param pending the same with staged policies taken as enforced
   */
  public record Point(
      EndpointId endpoint,
      Direction direction,
      Stage stage,
      boolean forwarding,
      List<GoverningTier> tiers,
      List<String> profiles,
      @Nullable PathStep enforced,
      @Nullable PathStep pending) {
    public Point {
      tiers = List.copyOf(tiers);
      profiles = List.copyOf(profiles);
    }
  }

  /**
   * Changes that together turn the verdict: nearly always one, more where several endpoints on the
   * way deny. Found by trying them on a copy of the cluster.
   */
  public record Flip(List<Change> changes) {
    public Flip {
      changes = List.copyOf(changes);
    }

    /** The first change, in words. */
    public String summary() {
      return changes.getFirst().statement();
    }
  }
}
