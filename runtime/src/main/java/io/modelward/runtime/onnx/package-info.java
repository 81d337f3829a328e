/** ONNX graphs, run by ONNX Runtime within the server or in a child process. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.onnx;
