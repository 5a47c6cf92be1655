# syntax=docker/dockerfile:1.7
# Debezium's image with what its ENABLE_JMX_EXPORTER expects and does not bring.
FROM quay.io/debezium/connect:2.7.3.Final
ADD --chmod=644 --checksum=sha256:7d61f737fd661610ccc14aea79764faa1ea94a340cbc8f0029b3d2edea3d80c1 \
  https://repo1.maven.org/maven2/io/prometheus/jmx/jmx_prometheus_javaagent/1.0.1/jmx_prometheus_javaagent-1.0.1.jar \
  /opt/jmx/agent.jar
COPY --chmod=644 jmx.yaml /opt/jmx/rules.yaml
