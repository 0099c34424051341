package io.margay.agents.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.Admission.Denied;
import io.margay.agents.gateway.gate.Admission.Held;
import io.margay.agents.gateway.gate.Admission.Unrecorded;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.Traces;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Requests of agents whose HTTP proxy is the gateway. An address of a server in the registry leads
 * to its door, where the call is decided as any other; every other address is denied, and recorded.
 */
public final class ForwardProxy {
  private static final String ACTION = "connect";
  private static final String TIER = "gateway";

  /** What a record keeps of an address that somebody made up. */
  private static final int LONGEST_AUTHORITY = 300;

  private final URI name;
  private final Identities identities;
  private final Directory directory;
  private final CallGate gate;
  private final InstantSource clock;

  /**
   * @param name of the gateway, for the advice in refusals
   */
  public ForwardProxy(
      URI name, Identities identities, Directory directory, CallGate gate, InstantSource clock) {
    this.name = name;
    this.identities = identities;
    this.directory = directory;
    this.gate = gate;
    this.clock = clock;
  }

  /**
   * Serves a request for an address.
   *
   * @throws Refusal with 403 when no server has it, or as the door says
   * @throws IOException as the door says
   */
  void serve(Exchange exchange, URI asked, Doors doors) throws IOException, Refusal {
    List<String> places = directory.addresses().places(asked);
    if (places.size() == 1) {
      doors.serve(exchange, places.getFirst());
      return;
    }
    String reason =
        places.isEmpty()
            ? "no ToolServer, Agent or ModelProvider of the registry has the address " + asked
            : "the registry gives the address %s to several: set the base URL to one of %s"
                .formatted(asked, bases(places));
    throw denied(exchange, asked.getRawAuthority(), 403, reason, Map.of());
  }

  /**
   * Why there is no tunnel, and what to do instead.
   *
   * @param authority host and port where it should lead
   * @throws Refusal with 401 when the caller is not known
   */
  Refusal tunnel(Exchange exchange, String authority, Doors doors) throws Refusal {
    List<String> places = directory.addresses().behind(authority);
    String instead =
        places.isEmpty()
            ? "set the base URL of your client to " + bases(List.of(doors.known()))
            : "set the base URL of your client to "
                + bases(places)
                + ", or write http:// in it: the gateway calls on with TLS";
    return denied(
        exchange,
        authority,
        405,
        "the gateway is no tunnel, since what goes through one cannot be decided about: " + instead,
        Map.of("Connection", "close"));
  }

  private String bases(List<String> places) {
    String base = name.getScheme() + "://" + name.getRawAuthority();
    return String.join(" or ", places.stream().map(base::concat).toList());
  }

  private Refusal denied(
      Exchange exchange, String authority, int status, String reason, Map<String, String> headers)
      throws Refusal {
    Caller caller = identities.identify(exchange, "proxy");
    String kept = authority.substring(0, Math.min(authority.length(), LONGEST_AUTHORITY));
    AgentCall call =
        new AgentCall(
            Protocol.HTTP,
            ACTION,
            caller,
            new Target(Target.Kind.ADDRESS, kept, ""),
            JsonNodeFactory.instance.objectNode(),
            Traces.of(exchange.header("traceparent")),
            clock.instant());
    return switch (gate.refuse(call, TIER, reason)) {
      case Denied denied ->
          new Refusal(status, reason + " (audit record " + denied.record() + ")", headers);
      case Unrecorded(String why) -> new Refusal(503, why);
      case Admitted _, Held _ -> throw new IllegalStateException("a refusal lets nothing through");
    };
  }
}
