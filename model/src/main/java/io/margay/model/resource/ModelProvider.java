package io.margay.model.resource;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A service that runs language models. */
public record ModelProvider(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.MODEL_PROVIDER;
  }

  /** The model of this name, if it is declared. */
  public Optional<Model> model(String name) {
    return spec.models().stream().filter(model -> model.name().equals(name)).findFirst();
  }

  /** What is spoken with a provider. */
  public enum Api {
    OPENAI,
    ANTHROPIC
  }

  /**
   * The specification.
   *
   * @param url of its API
   * @param caBundle who vouches for it; empty for the public authorities
   * @param secretName the Secret that holds its API key; empty for none
   * @param secretKey the key in that Secret
   */
  public record Spec(
      String url,
      Optional<CaBundle> caBundle,
      Api api,
      String owner,
      String environment,
      List<Model> models,
      String secretName,
      String secretKey) {

    public Spec {
      models = List.copyOf(models);
    }
  }

  /**
   * A model.
   *
   * @param inputPrice of a million tokens that go in, in the currency of the budgets
   * @param outputPrice of a million tokens that come out
   */
  public record Model(String name, BigDecimal inputPrice, BigDecimal outputPrice) {}
}
