package io.margay.model.resource;

import io.margay.model.selector.Selector;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What agents may spend on models in a time. A call draws from every budget that covers it. */
public record Budget(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.BUDGET;
  }

  /** Who has an account of their own in a budget. */
  public enum Per {
    AGENT,
    TEAM,
    USER
  }

  /**
   * The specification.
   *
   * @param per whose spending is added up; calls of agents without a team share an account, and so
   *     do those without a user
   * @param selector over labels and attributes of the agents whose calls are covered; null for all
   * @param models that are covered, as {@code provider/model} or {@code provider/*}; empty for all
   * @param tokens that go in and come out, in a window; null for any number
   * @param cost in a window, in the currency of the prices; null for any
   * @param window how long until an account is full again; windows begin at multiples of it
   */
  public record Spec(
      Per per,
      @Nullable Selector selector,
      List<String> models,
      @Nullable Long tokens,
      @Nullable BigDecimal cost,
      Duration window) {

    public Spec {
      models = List.copyOf(models);
    }
  }

  /** Whether calls of a model are covered. */
  public boolean covers(String provider, String model) {
    return spec.models().isEmpty()
        || spec.models().contains(provider + "/*")
        || spec.models().contains(provider + "/" + model);
  }
}
