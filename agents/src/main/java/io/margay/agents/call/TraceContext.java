package io.margay.agents.call;

/**
 * Where a call belongs.
 *
 * @param traceId W3C trace id, 32 hexadecimal digits. Callers choose it and can lie
 * @param spanId of the caller's span, 16 hexadecimal digits
 * @param hopId ours, one for each call; nobody else can choose it
 */
public record TraceContext(String traceId, String spanId, String hopId) {}
