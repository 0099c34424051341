package io.margay.console;

import io.margay.console.policies.PolicySource;
import io.margay.console.why.WhySource;
import io.margay.flows.stream.FlowService;
import java.util.function.Supplier;

/** Everything that the console shows. All of it is asked from many threads. */
public record ConsoleSources(
    FlowService flows, PolicySource policies, WhySource why, Supplier<ConsoleStatus> status) {}
