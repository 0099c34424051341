package io.margay.cedar.ast;

import java.util.Optional;

/** {@code @name("value")} or {@code @name}: said about a policy, without a meaning to Cedar. */
public record Annotation(String name, Optional<String> value, Span span) {}
