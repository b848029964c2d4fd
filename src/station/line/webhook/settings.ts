import { type Static, type TObject, Type } from '../../../core/schema.ts';

export const webhookSettings = {
  url: Type.String({ pattern: '^https?://[^/?#@\\s]+([/?#]|$)', description: 'where each part is posted' }),
  secret: Type.String({
    minLength: 16,
    // a key that is no base64 would be a short one, or none
    pattern: '^(?!whsec_)|^whsec_[A-Za-z0-9+/]{22,}={0,2}$',
    description: 'what messages are signed with; whsec_BASE64, or any text',
  }),
  timeoutSeconds: Type.Number({
    default: 10,
    exclusiveMinimum: 0,
    maximum: 60,
    description: 'in which it must answer',
  }),
  states: Type.Boolean({ default: true, description: 'whether changes of the station’s state are posted too' }),
};

export type WebhookSettings = Static<TObject<typeof webhookSettings>>;
