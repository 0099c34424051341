/**
 * Carries flow events from a node's process to the process that gathers them, on one machine: lines
 * of JSON over a Unix socket that only its owner can open. What cannot be sent is dropped and
 * counted; nobody waits.
 */
@NullMarked
package io.margay.app.process.flowlink;

import org.jspecify.annotations.NullMarked;
