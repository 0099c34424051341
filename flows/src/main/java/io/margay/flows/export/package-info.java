/** Flows on their way to other systems: files of JSON lines, OTLP logs, Kafka. */
@NullMarked
package io.margay.flows.export;

import org.jspecify.annotations.NullMarked;
