// A shop for tests: Vendure with a database of its own in memory, on the loopback, at any free port. It says
// `ready` with its port once it answers, and ends when its standard input does.
'use strict';

const path = require('node:path');

const installed = name => require(require.resolve(name, { paths: [process.cwd()] }));
const core = installed('@vendure/core');
const { populate } = installed('@vendure/core/cli');

const config = {
    apiOptions: { hostname: '127.0.0.1', port: 0 },
    authOptions: {
        tokenMethod: ['bearer'],
        superadminCredentials: { identifier: 'admin', password: 'admin' },
        cookieOptions: { secret: 'tests' },
        requireVerification: false,
    },
    dbConnectionOptions: { type: 'sqljs', synchronize: true },
    paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
    logger: new core.DefaultLogger({ level: core.LogLevel.Error }),
    importExportOptions: { importAssetsDir: __dirname },
};

const shop = {
    defaultLanguage: core.LanguageCode.en,
    defaultZone: 'Europe',
    countries: [
        { name: 'United Kingdom', code: 'GB', zone: 'Europe' },
        { name: 'Germany', code: 'DE', zone: 'Europe' },
    ],
    taxRates: [{ name: 'Standard', percentage: 20 }],
    shippingMethods: [{ name: 'Standard Shipping', price: 500 }],
    paymentMethods: [
        { name: 'Dummy', handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'false' }] } },
    ],
    collections: [],
};

async function main() {
    const app = await populate(() => core.bootstrap(config), shop, path.join(__dirname, 'products.csv'));
    process.stdin.on('end', () => app.close().finally(() => process.exit(0)));
    process.stdin.resume();
    console.log(`ready ${app.getHttpServer().address().port}`);
}

main().catch(error => {
    console.error(error);
    process.exit(1);
});
