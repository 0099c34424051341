package io.margay.agents.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A call as it is to be decided.
 *
 * @param action Cedar's action id: {@code invokeTool}, {@code listTools}, {@code readResource},
 *     {@code getPrompt}, {@code sendMessage}, {@code invokeModel}, and others that the registry's
 *     schema names
 * @param arguments as the caller sent them; an empty object when there are none
 */
public record AgentCall(
    Protocol protocol,
    String action,
    Caller caller,
    Target target,
    JsonNode arguments,
    TraceContext trace,
    Instant at) {}
