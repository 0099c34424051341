/** The lab's cluster: nodes and pods as network namespaces, and the objects that describe them. */
@NullMarked
package io.margay.app.lab.cluster;

import org.jspecify.annotations.NullMarked;
