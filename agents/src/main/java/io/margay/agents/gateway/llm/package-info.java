/** Model APIs: chat, responses, embeddings and messages, with budgets. */
@NullMarked
package io.margay.agents.gateway.llm;

import org.jspecify.annotations.NullMarked;
