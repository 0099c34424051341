/**
 * Takes flow events and resource changes; gives attributed flows in 15-second buckets, with queries
 * and streams over them. Never judges a packet and never waits for a reader.
 */
@NullMarked
package io.margay.flows;

import org.jspecify.annotations.NullMarked;
