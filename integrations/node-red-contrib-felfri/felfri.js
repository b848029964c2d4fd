/** The nodes of Node-RED: a station, inspections, its events, its recipe. */
const { activate, inspect, listen } = require('./station.js');

/** Outputs of the inspection node, in order. */
const OUTPUTS = ['OK', 'NG', 'REVIEW', 'NOT_INSPECTED'];
const COLOURS = { OK: 'green', NG: 'red', REVIEW: 'yellow', NOT_INSPECTED: 'grey' };
/** Milliseconds to the next try of a connection that broke. */
const AGAIN_MILLIS = 1000;

module.exports = (RED) => {
  function StationNode(config) {
    RED.nodes.createNode(this, config);
    this.address = config.address;
    this.token = this.credentials?.token;
  }
  RED.nodes.registerType('felfri-station', StationNode, { credentials: { token: { type: 'password' } } });

  /** The station of a node; throws where none is chosen. */
  function stationOf(node) {
    if (!node.station?.address) throw Object.assign(new Error('no station is chosen'), { code: 'STATION_UNKNOWN' });
    return node.station;
  }

  /** Fields of a message that say which part it is; others are none of the station's. */
  const fieldsOf = ({ part, lot, product, resultId, recipe }) => ({ part, lot, product, resultId, recipe });

  function InspectNode(config) {
    RED.nodes.createNode(this, config);
    this.station = RED.nodes.getNode(config.station);
    const windowMillis = Number(config.window) > 0 ? Number(config.window) : 10_000;
    let latest = 0;
    this.on('input', async (msg, send, done) => {
      const number = ++latest;
      let payload;
      try {
        if (!Buffer.isBuffer(msg.payload))
          throw Object.assign(new Error('msg.payload is no buffer; give the bytes of an image file'), {
            code: 'NO_IMAGE',
          });
        payload = await inspect(stationOf(this), msg.payload, fieldsOf(msg), windowMillis);
      } catch (error) {
        const { code = 'INSPECTION_FAILED', message } = error;
        payload = { decision: 'NOT_INSPECTED', code, message, ...fieldsOf(msg) };
        this.warn(`${code}: ${message}`);
      }
      const { decision } = payload;
      // of several under way, the newest part's
      if (number === latest) this.status({ fill: COLOURS[decision], shape: 'dot', text: decision.replace('_', ' ') });
      const out = { ...msg, payload, pass: decision === 'OK' };
      send(OUTPUTS.map((output) => (output === decision ? out : null)));
      done();
    });
  }
  RED.nodes.registerType('felfri-inspect', InspectNode);

  function EventsNode(config) {
    RED.nodes.createNode(this, config);
    this.station = RED.nodes.getNode(config.station);
    const stop = new AbortController();
    let online;
    let timer;
    const tellState = (now, reason = null) => {
      this.status({ fill: now ? 'green' : 'red', shape: now ? 'dot' : 'ring', text: now ? 'online' : 'offline' });
      if (online === now) return;
      online = now;
      this.send({ topic: 'station', payload: { type: 'station', online: now, reason } });
    };
    const tell = (event) => {
      tellState(true);
      if (event.type !== 'heartbeat' || config.heartbeats) this.send({ topic: event.type, payload: event });
    };
    const run = async () => {
      try {
        await listen(stationOf(this), tell, stop.signal);
      } catch (error) {
        tellState(false, `${error.code ?? error.name}: ${error.message}`);
      }
      if (!stop.signal.aborted) timer = setTimeout(run, AGAIN_MILLIS);
    };
    run();
    this.on('close', () => {
      stop.abort();
      clearTimeout(timer);
    });
  }
  RED.nodes.registerType('felfri-events', EventsNode);

  function RecipeNode(config) {
    RED.nodes.createNode(this, config);
    this.station = RED.nodes.getNode(config.station);
    this.on('input', async (msg, send, done) => {
      try {
        const wanted = config.recipe || msg.payload;
        if (typeof wanted !== 'string' || wanted === '')
          throw new Error('no recipe is named in the node or by msg.payload');
        const recipe = await activate(stationOf(this), wanted);
        this.status({ fill: 'green', shape: 'dot', text: recipe.name });
        send({ ...msg, payload: recipe });
        done();
      } catch (error) {
        this.status({ fill: 'red', shape: 'ring', text: error.code ?? 'failed' });
        done(error);
      }
    });
  }
  RED.nodes.registerType('felfri-recipe', RecipeNode);
};
