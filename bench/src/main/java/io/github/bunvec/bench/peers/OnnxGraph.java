package io.github.bunvec.bench.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * An ONNX graph under construction; a node's outputs are known by their names.
 *
 * <p>Field numbers are those of onnx.proto (ONNX 1.19, operator set 20). Operators of the domain
 * com.microsoft are ONNX Runtime's own.
 */
final class OnnxGraph {

  private static final int IR_VERSION = 9;
  private static final int OPERATOR_SET = 20;
  private static final int FLOAT = 1;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final String CONTRIB = "com.microsoft";

  private final ProtoMessage graph = new ProtoMessage().text(2, "graph");
  private int names;

  /** An attribute of a node. */
  record Attribute(String name, Object value) {

    ProtoMessage encode() {
      ProtoMessage message = new ProtoMessage().text(1, name);
      return switch (value) {
        case Float f -> message.number(2, f).integer(20, 1);
        case Long i -> message.integer(3, i).integer(20, 2);
        case long[] list -> message.integers(8, list).integer(20, 7);
        default -> throw new IllegalArgumentException("attribute " + this);
      };
    }
  }

  /** Declares an input of 32-bit integers whose two dimensions are free. */
  void input(String name) {
    graph.message(11, value(name, INT32, "texts", "tokens"));
  }

  /** Declares an output of floats; [texts, features]. */
  void output(String name) {
    graph.message(12, value(name, FLOAT, "texts", "features"));
  }

  /** Declares a tensor of floats that lies in another file, in the model's directory. */
  void external(String name, int[] dims, Path file, long offset, long length) {
    ProtoMessage tensor = new ProtoMessage();
    for (int dim : dims) {
      tensor.integer(1, dim);
    }
    tensor.integer(2, FLOAT).text(8, name);
    Map<String, String> place =
        Map.of(
            "location",
            file.getFileName().toString(),
            "offset",
            Long.toString(offset),
            "length",
            Long.toString(length));
    place.forEach((k, v) -> tensor.message(13, new ProtoMessage().text(1, k).text(2, v)));
    graph.message(5, tensor.integer(14, 1));
  }

  /** Adds a constant vector of integers. */
  String integers(long... values) {
    return constant(new long[] {values.length}, values);
  }

  /** Adds a constant integer without dimensions. */
  String integer(long value) {
    return constant(new long[0], new long[] {value});
  }

  /** Adds a constant float without dimensions. */
  String number(float value) {
    String name = next("constant");
    byte[] raw = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    graph.message(5, new ProtoMessage().integer(2, FLOAT).text(8, name).bytes(9, raw));
    return name;
  }

  /** Adds a node and returns its output's name. */
  String node(String type, String[] inputs, Attribute... attributes) {
    return node(next(type), type, inputs, attributes);
  }

  /** Adds a node whose output has a given name. */
  String node(String output, String type, String[] inputs, Attribute... attributes) {
    graph.message(1, encode(new String[] {output}, type, inputs, attributes));
    return output;
  }

  /** Adds a node of ONNX Runtime's own; an input named "" is left out. Returns the outputs. */
  String[] contrib(String type, int outputs, String[] inputs, Attribute... attributes) {
    String[] names = new String[outputs];
    Arrays.setAll(names, i -> next(type));
    graph.message(1, encode(names, type, inputs, attributes).text(7, CONTRIB));
    return names;
  }

  private static ProtoMessage encode(
      String[] outputs, String type, String[] inputs, Attribute... attributes) {
    ProtoMessage node = new ProtoMessage();
    for (String input : inputs) {
      node.text(1, input);
    }
    for (String output : outputs) {
      node.text(2, output);
    }
    node.text(3, outputs[0]).text(4, type);
    for (Attribute attribute : attributes) {
      node.message(5, attribute.encode());
    }
    return node;
  }

  /** Returns the file's bytes. */
  byte[] toByteArray() {
    return new ProtoMessage()
        .integer(1, IR_VERSION)
        .message(7, graph)
        .message(8, new ProtoMessage().text(1, "").integer(2, OPERATOR_SET))
        .message(8, new ProtoMessage().text(1, CONTRIB).integer(2, 1))
        .toByteArray();
  }

  private String constant(long[] dims, long[] values) {
    String name = next("constant");
    ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    graph.message(
        5,
        new ProtoMessage().integers(1, dims).integer(2, INT64).text(8, name).bytes(9, raw.array()));
    return name;
  }

  private String next(String type) {
    return type + "." + names++;
  }

  private static ProtoMessage value(String name, int type, String... dims) {
    ProtoMessage shape = new ProtoMessage();
    for (String dim : dims) {
      shape.message(1, new ProtoMessage().text(2, dim));
    }
    ProtoMessage tensor = new ProtoMessage().integer(1, type).message(2, shape);
    return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
  }
}
