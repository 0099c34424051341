/** Many nodes in one process: each a namespace with policies, routes and the CNI plugin. */
@NullMarked
package io.margay.app.process.fleet;

import org.jspecify.annotations.NullMarked;
