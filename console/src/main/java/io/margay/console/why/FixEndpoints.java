package io.margay.console.why;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.access.Permissions;
import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.FlowId;
import io.margay.console.flow.FlowJson;
import io.margay.console.flow.FlowParameters;
import io.margay.console.flow.VisibleFlows;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.policy.why.Explanation.Flip;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Proposes what would turn a verdict, as policies that can be staged as they are. */
public final class FixEndpoints {
  /** The newest ones are looked at. */
  private static final int MOST_FLOWS = 5_000;

  private final WhySource why;
  private final ResourceStore store;
  private final FlowReader reader;
  private final Supplier<ClusterView> cluster;
  private final InstantSource clock;

  public FixEndpoints(
      WhySource why,
      ResourceStore store,
      FlowReader reader,
      Supplier<ClusterView> cluster,
      InstantSource clock) {
    this.why = why;
    this.store = store;
    this.reader = reader;
    this.cluster = cluster;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/fix", exchange -> answer(exchange, WhyEndpoint.question(exchange))),
        Route.get("/api/v1/flows/{id}/fix", exchange -> answer(exchange, question(exchange))));
  }

  /** What a flow asked for, between pods that are there now. */
  private WhyQuestion question(Exchange exchange) {
    String id = exchange.path("id");
    Flow flow =
        FlowId.parse(id)
            .flatMap(known -> known.find(VisibleFlows.of(reader, exchange.caller().permissions())))
            .orElseThrow(() -> FlowId.notFound(id));
    ClusterView view = cluster.get();
    return new WhyQuestion(
        peer("source", flow.key().source(), view),
        peer("destination", flow.key().dest(), view),
        flow.key().protocol(),
        flow.key().destPort());
  }

  private static String peer(String end, FlowPeer peer, ClusterView view) {
    return switch (peer.type()) {
      case WORKLOAD_ENDPOINT, HOST_ENDPOINT -> {
        List<ClusterEndpoint> named = view.named(peer.namespace(), peer.name());
        if (named.isEmpty()) {
          throw new HttpFailure(
              422,
              "the %s %s/%s is gone: nothing is there now that could be judged"
                  .formatted(end, peer.namespace(), peer.name()));
        }
        yield named.getFirst().toString();
      }
      case NETWORK_SET, NETWORK ->
          throw new HttpFailure(
              422,
              "the %s is %s, and flow records keep no addresses: ask /api/v1/fix with one"
                  .formatted(end, FlowJson.displayName(peer.name())));
    };
  }

  private void answer(Exchange exchange, WhyQuestion question) throws IOException {
    WhyAnswer answer = WhyEndpoint.answer(why, exchange, question);
    ObjectNode effect =
        exchange.query("startTimeGte").isPresent() ? effect(exchange, answer) : null;
    exchange.json(json -> FixJson.write(answer, effect, store, json));
  }

  /** Of the flows since a time, and of all traffic; null if nothing is proposed. */
  private @Nullable ObjectNode effect(Exchange exchange, WhyAnswer answer) {
    Flip flip = answer.explanation().flip();
    if (flip == null) {
      return null;
    }
    Permissions permissions = exchange.caller().permissions();
    Page<Flow> flows =
        VisibleFlows.of(reader, permissions)
            .list(
                FlowParameters.range(exchange, clock.instant()),
                FlowFilter.ALL,
                FlowOrder.TIME,
                new Page.Request(0, MOST_FLOWS));
    ObjectNode effect =
        FixEffect.of(cluster.get().resources(), flip.changes(), Optional.of(flows.items()));
    effect.put("truncated", flows.totalResults() > flows.items().size());
    if (!permissions.seesAll()) {
      // It would name the endpoints of all namespaces.
      effect.putNull("endpoints");
    }
    return effect;
  }
}
